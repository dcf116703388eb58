// A scrape: the metrics of a pod, as Prometheus asks for them.
import { request } from "node:https";
import { text } from "node:stream/consumers";

interface Target {
  host: string;
  port: number;
  /** The name that its certificate has to have. */
  servername: string;
  ca: string;
  /** Of the client. */
  certificate?: string;
  key?: string;
}

/** Resolves with the text. Throws an error with the status where it is not 200. */
export async function scrape({ certificate, ...target }: Target): Promise<string> {
  const options = {
    ...target,
    path: "/metrics",
    agent: false,
    ...(certificate === undefined ? {} : { cert: certificate }),
  };
  return await new Promise((resolve, reject) => {
    request(options, (response) => {
      if (response.statusCode === 200) text(response).then(resolve, reject);
      else reject(new Error(`${response.statusCode}`));
    })
      .on("error", reject)
      .end();
  });
}
