// The control plane of the lab: etcd and kube-apiserver, with an administrator's kubeconfig.
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "undici";
import { z } from "zod";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { serviceSubnet } from "./kubelets/network.ts";
import { until } from "./until.ts";

export interface ControlPlane {
  url: string;
  /** Path of the administrator's kubeconfig. */
  kubeconfig: string;
  /** etcd and kube-apiserver, as they run now. */
  children: [Child, Child];
  auditLog: string;
  /** Path of the key that signs the tokens of accounts. */
  accountsKey: string;
  /** Makes etcd forget every state but the present one. */
  compact: () => Promise<void>;
  /** Starts another in place of one that was stopped, with the same data. */
  restart: (which: "etcd" | "kube-apiserver") => void;
}

export interface ControlPlaneOptions {
  /** Left out: any. */
  port?: number;
  /** Whether a controller manager makes what accounts need, and the API server may speak to kubelets. */
  kubelets?: boolean;
}

const adminToken = "lab-admin";

/** Starts etcd and kube-apiserver; resolves when the API server is ready. */
export async function startControlPlane(ground: Ground, options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const directory = join(ground.directory, "control-plane");
  await mkdir(directory, { recursive: true });
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), options.port ?? (await freePort())];
  await writeServerFiles(ground, directory);
  const startOf = {
    etcd: () => startEtcd(ground, directory, [etcdPort, peerPort]),
    "kube-apiserver": () => startApiServer(ground, directory, { etcdPort, port, kubelets: options.kubelets ?? false }),
  };
  const children: [Child, Child] = [startOf.etcd(), startOf["kube-apiserver"]()];
  const url = `https://${ground.authority.address}:${port}`;
  const kubeconfig = await writeKubeconfig(ground, join(ground.directory, "kubeconfig"), { url, token: adminToken });
  await until({ signal: ground.signal, what: "kube-apiserver ready", within: 60_000, of: [...children] }, async () => {
    const { statusCode, body } = await request(`${url}/readyz`, {
      dispatcher: ground.dispatcher,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    await body.dump();
    return statusCode === 200;
  });
  const restart: ControlPlane["restart"] = (which) => {
    children[which === "etcd" ? 0 : 1] = startOf[which]();
  };
  const compact = () => compactEtcd(directory, `https://127.0.0.1:${etcdPort}`);
  const [auditLog, accountsKey] = [join(directory, "audit.log"), join(directory, "accounts.key")];
  return { url, kubeconfig, children, auditLog, accountsKey, compact, restart };
}

function startEtcd(ground: Ground, directory: string, [client, peer]: [number, number]): Child {
  const url = (port: number) => `https://127.0.0.1:${port}`;
  const [certificate, key] = [join(directory, "etcd.crt"), join(directory, "etcd.key")];
  return startChild({
    name: "etcd",
    command: join(ground.binaries, "etcd"),
    arguments: [
      `--data-dir=${join(directory, "etcd")}`,
      `--listen-client-urls=${url(client)}`,
      `--advertise-client-urls=${url(client)}`,
      `--listen-peer-urls=${url(peer)}`,
      `--initial-advertise-peer-urls=${url(peer)}`,
      `--initial-cluster=default=${url(peer)}`,
      ...["", "peer-"].flatMap((side) => [
        `--${side}cert-file=${certificate}`,
        `--${side}key-file=${key}`,
        `--${side}trusted-ca-file=${ground.caFile}`,
        `--${side}client-cert-auth`,
      ]),
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
    logFile: join(ground.logs, "etcd.log"),
    signal: ground.signal,
  });
}

const Range = z.object({ header: z.object({ revision: z.string() }) });

/** By its JSON gateway: `/v3/kv/…`, with bytes in base64. */
async function compactEtcd(directory: string, url: string): Promise<void> {
  const [ca = "", cert = "", key = ""] = await Promise.all(
    ["../ca.crt", "etcd.crt", "etcd.key"].map((name) => readFile(join(directory, name), "utf8")),
  );
  const dispatcher = new Agent({ connect: { ca, cert, key } });
  const ask = async (path: string, body: unknown) => {
    const answer = await request(`${url}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body), dispatcher });
    return await answer.body.json();
  };
  const { header } = Range.parse(await ask("range", { key: Buffer.from("nothing").toString("base64") }));
  const compacted = await ask("compaction", { revision: header.revision, physical: true });
  await dispatcher.close();
  Range.parse(compacted);
}

async function writeServerFiles(ground: Ground, directory: string): Promise<void> {
  const serving = await ground.authority.issue("kube-apiserver", ["kubernetes.default.svc"]);
  const etcd = await ground.authority.issue("etcd");
  const kubelets = await ground.authority.issue("kube-apiserver", [], { organization: "system:masters" });
  const accounts = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const audit = {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [{ level: "Metadata", userGroups: ["system:serviceaccounts"] }, { level: "None" }],
  };
  const files = {
    "tls.crt": serving.certificate,
    "tls.key": serving.key,
    "etcd.crt": etcd.certificate,
    "etcd.key": etcd.key,
    "kubelets.crt": kubelets.certificate,
    "kubelets.key": kubelets.key,
    "accounts.pub": accounts.publicKey,
    "accounts.key": accounts.privateKey,
    "tokens.csv": `${adminToken},admin,admin,"system:masters"\n`,
    "audit.yaml": JSON.stringify(audit),
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text, { mode: 0o600 })),
  );
}

interface Serving {
  etcdPort: number;
  port: number;
  kubelets: boolean;
}

function startApiServer(ground: Ground, directory: string, { etcdPort, port, kubelets }: Serving): Child {
  const file = (name: string) => join(directory, name);
  return startChild({
    name: "kube-apiserver",
    command: join(ground.binaries, "kube-apiserver"),
    arguments: [
      `--etcd-servers=https://127.0.0.1:${etcdPort}`,
      `--etcd-cafile=${ground.caFile}`,
      `--etcd-certfile=${file("tls.crt")}`,
      `--etcd-keyfile=${file("tls.key")}`,
      `--bind-address=${ground.authority.address}`,
      "--endpoint-reconciler-type=none",
      `--secure-port=${port}`,
      `--cert-dir=${directory}`,
      `--tls-cert-file=${file("tls.crt")}`,
      `--tls-private-key-file=${file("tls.key")}`,
      `--service-account-key-file=${file("accounts.pub")}`,
      `--service-account-signing-key-file=${file("accounts.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--token-auth-file=${file("tokens.csv")}`,
      // Which it publishes too, for servers of metrics.
      `--client-ca-file=${ground.caFile}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      ...(kubelets ? kubeletFlags(ground, file) : withoutKubelets),
      `--service-cluster-ip-range=${serviceSubnet}`,
      "--allow-privileged=true",
      "--watch-cache=true",
      `--audit-policy-file=${file("audit.yaml")}`,
      `--audit-log-path=${file("audit.log")}`,
    ],
    logFile: join(ground.logs, "kube-apiserver.log"),
    // Nothing of it is kept, and it would wait for its watches to end.
    killSignal: "SIGKILL",
    signal: ground.signal,
  });
}

/** No controller-manager runs that would make the accounts' root CA ConfigMaps. */
const withoutKubelets = ["--disable-admission-plugins=ServiceAccount"];

function kubeletFlags(ground: Ground, file: (name: string) => string): string[] {
  return [
    `--kubelet-client-certificate=${file("kubelets.crt")}`,
    `--kubelet-client-key=${file("kubelets.key")}`,
    `--kubelet-certificate-authority=${ground.caFile}`,
    "--kubelet-preferred-address-types=InternalIP",
  ];
}
