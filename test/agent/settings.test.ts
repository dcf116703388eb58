import { expect, test } from "vitest";
import { readSettings } from "../../agent/settings.ts";

test("defaults", () => {
  expect(readSettings({ NODE_NAME: "worker-0", KUBECONFIG: "" })).toEqual({
    nodeName: "worker-0",
    hostRoot: "/host",
    collector: "auto",
    kubeconfig: undefined,
    serving: {
      listen: "127.0.0.1:9101",
      tls: {
        directory: "/etc/bootwarden/tls",
        minVersion: "TLSv1.2",
        clientCAFile: "/etc/bootwarden/client-ca/client-ca.crt",
        clients: ["system:serviceaccount:openshift-monitoring:prometheus-k8s"],
        check: 30_000,
      },
    },
    logLevel: "info",
    slowCheck: 3_600_000,
    minLook: 1_000,
    commandTimeout: 60_000,
    serviceHost: undefined,
    servicePort: undefined,
  });
});

test.each([":9101", "0.0.0.0:0", "[::1]:9101", "localhost:80"])("LISTEN=%s", (listen) => {
  expect(readSettings({ NODE_NAME: "n", LISTEN: listen }).serving.listen).toBe(listen);
});

test("every mistake is named at once", () => {
  const wrong = { HOST_ROOT: "host", LISTEN: "9101", LOG_LEVEL: "loud", SLOW_CHECK_SECONDS: "soon" };
  expect(() => readSettings(wrong)).toThrow(
    expect.objectContaining({
      reason: "SettingsInvalid",
      message: expect.stringMatching(
        /NODE_NAME is missing.*HOST_ROOT is no absolute path; LISTEN is no host:port; LOG_LEVEL.*SLOW_CHECK_SECONDS/,
      ),
    }),
  );
});
