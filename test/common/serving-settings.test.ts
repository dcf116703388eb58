import { expect, test } from "vitest";
import { servingOf } from "../../common/serving-settings.ts";

const values = {
  LISTEN: "0.0.0.0:9101",
  PLAIN_HTTP: "false",
  TLS_DIRECTORY: "/tls",
  TLS_MIN_VERSION: "TLSv1.3",
  CLIENT_CA_FILE: "/ca/ca.crt",
  METRICS_CLIENTS: " one,two , ,",
} as const;

test("TLS, with every value in its place", () => {
  expect(servingOf(values)).toEqual({
    listen: "0.0.0.0:9101",
    tls: {
      directory: "/tls",
      minVersion: "TLSv1.3",
      clientCAFile: "/ca/ca.crt",
      clients: ["one", "two"],
      check: 30_000,
    },
  });
});

test("plain HTTP only where it is asked for", () => {
  expect(servingOf({ ...values, PLAIN_HTTP: "true" })).toEqual({ listen: "0.0.0.0:9101", tls: null });
});
