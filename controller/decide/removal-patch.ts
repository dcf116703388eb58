// The removal patch: what takes every label and annotation of bootwarden off an object.
import { keyPrefixes } from "../../common/annotations.ts";

export interface KeyedMetadata {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** A JSON merge patch; null where there is nothing of ours. Also what people wrote under our names goes. */
export function removalPatch({ labels, annotations }: KeyedMetadata): object | null {
  const metadata = Object.entries({ labels, annotations }).flatMap(([field, values]) => {
    const ours = Object.keys(values).filter((key) => keyPrefixes.some((prefix) => key.startsWith(prefix)));
    return ours.length === 0 ? [] : [[field, Object.fromEntries(ours.map((key) => [key, null]))]];
  });
  return metadata.length === 0 ? null : { metadata: Object.fromEntries(metadata) };
}
