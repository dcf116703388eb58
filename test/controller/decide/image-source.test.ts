// The image source: the same file, from the mirror.
import { expect, test } from "vitest";
import { mirrored } from "../../../controller/decide/image-source.ts";

const url = "https://rhcos.example.com/art/9.6/x86_64/rhcos-9.6-vmware.x86_64.ova";
const file = "rhcos-9.6-vmware.x86_64.ova";

test.each([
  ["no mirror", url, undefined, url],
  ["a folder", url, "https://mirror.example.com/rhcos", `https://mirror.example.com/rhcos/${file}`],
  [
    "a folder with slashes at its end",
    url,
    "https://mirror.example.com/rhcos//",
    `https://mirror.example.com/rhcos/${file}`,
  ],
  ["a host alone", url, "http://10.0.0.1:8080", `http://10.0.0.1:8080/${file}`],
  ["a URL with a query", `${url}?sig=abc&x=/y#z`, "https://m", `https://m/${file}`],
  ["escapes, kept", "https://a/b/rhcos%20x%2Fy.ova", "https://m", "https://m/rhcos%20x%2Fy.ova"],
  ["a file at the root", "https://a/x.ova", "https://m", "https://m/x.ova"],
])("%s", (_, ...[from, mirror, expected]) => {
  expect(mirrored(from ?? "", mirror)).toBe(expected);
});
