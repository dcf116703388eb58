// The settings of the controller: defaults, and every mistake at once.
import { expect, test } from "vitest";
import { SettingsError } from "../../common/environment.ts";
import { readSettings } from "../../controller/settings.ts";

const tls = {
  directory: "/etc/bootwarden/tls",
  minVersion: "TLSv1.2",
  clientCAFile: "/etc/bootwarden/client-ca/client-ca.crt",
  clients: ["system:serviceaccount:openshift-monitoring:prometheus-k8s"],
  check: 30_000,
};
const defaults = {
  kubeconfig: undefined,
  serving: { listen: "127.0.0.1:9102", tls },
  logLevel: "info",
  confirmMismatch: 30_000,
  resync: 300_000,
  revertPause: 60_000,
  lease: { duration: 137_000, renewal: 107_000, retry: 26_000 },
};

test.each<[string, Record<string, string | undefined>, object]>([
  ["nothing", {}, {}],
  ["empty variables", { KUBECONFIG: "", LISTEN: "", LOG_LEVEL: "", RESYNC_SECONDS: "" }, {}],
  ["variables of others", { PATH: "/bin", NODE_NAME: "x" }, {}],
  ["a kubeconfig", { KUBECONFIG: "/tmp/k" }, { kubeconfig: "/tmp/k" }],
  ["every address", { LISTEN: "0.0.0.0:9102" }, { serving: { listen: "0.0.0.0:9102", tls } }],
  ["an address of IPv6", { LISTEN: "[::1]:0" }, { serving: { listen: "[::1]:0", tls } }],
  ["a port alone", { LISTEN: ":9102" }, { serving: { listen: ":9102", tls } }],
  ["a level", { LOG_LEVEL: "debug" }, { logLevel: "debug" }],
  ["half a second", { MISMATCH_CONFIRM_SECONDS: "0.5" }, { confirmMismatch: 500 }],
  [
    "a short lease",
    { LEASE_SECONDS: "6", LEASE_RENEWAL_SECONDS: "4", LEASE_RETRY_SECONDS: "1" },
    { lease: { duration: 6_000, renewal: 4_000, retry: 1_000 } },
  ],
  ["a minute", { RESYNC_SECONDS: "60" }, { resync: 60_000 }],
  ["another pause", { REVERT_PAUSE_SECONDS: "5" }, { revertPause: 5_000 }],
])("%s", (_, environment, expected) => {
  expect(readSettings(environment)).toEqual({ ...defaults, ...expected });
});

test.each([
  ["LISTEN", "9102"],
  ["LISTEN", "localhost"],
  ["LISTEN", "::1:9102"],
  ["LISTEN", "http://localhost:9102"],
  ["LISTEN", "localhost:99999"],
  ["LOG_LEVEL", "verbose"],
  ["LOG_LEVEL", "INFO"],
  ["MISMATCH_CONFIRM_SECONDS", "0"],
  ["MISMATCH_CONFIRM_SECONDS", "-1"],
  ["MISMATCH_CONFIRM_SECONDS", "30s"],
  ["RESYNC_SECONDS", "NaN"],
  ["RESYNC_SECONDS", "Infinity"],
  ["RESYNC_SECONDS", "1e99"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(SettingsError);
  expect(() => readSettings({ [name]: value })).toThrow(`${name} `);
});

test.each([
  ["LEASE_RENEWAL_SECONDS", { LEASE_SECONDS: "107" }],
  ["LEASE_RENEWAL_SECONDS", { LEASE_RENEWAL_SECONDS: "137" }],
  ["LEASE_RETRY_SECONDS", { LEASE_RETRY_SECONDS: "107" }],
])("%s has to be less than what it is for: %j", (name, environment) => {
  expect(() => readSettings(environment)).toThrow(`${name} is not less than LEASE_`);
});

test("every mistake is in the one message", () => {
  const wrong = { LISTEN: "x", LOG_LEVEL: "loud", RESYNC_SECONDS: "soon" };
  expect(() => readSettings(wrong)).toThrow(/LISTEN .*LOG_LEVEL .*RESYNC_SECONDS /);
});
