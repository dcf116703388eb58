import { expect, test } from "vitest";
import { element, referenceElement, typedElement } from "../../../controller/vsphere/element.ts";

test("text is escaped, in content and attributes", () => {
  expect(element("a", `<b> & "c" 'd'`, { e: `"<&>` }).xml).toBe(
    `<a e="&quot;&lt;&amp;&gt;">&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;</a>`,
  );
});

test("what XML cannot carry is dropped", () => {
  expect(element("a", "x\u0000\u0008y\n\tz").xml).toBe("<a>xy\n\tz</a>");
});

test("elements stand in the order given, undefined ones are left out", () => {
  const inner = [element("b", 1), undefined, element("a", true)];
  expect(element("x", inner).xml).toBe("<x><b>1</b><a>true</a></x>");
});

test("references and types", () => {
  expect(referenceElement("obj", { type: "Folder", value: "group-v3" }).xml).toBe('<obj type="Folder">group-v3</obj>');
  expect(typedElement("value", "xsd:string", "v").xml).toBe('<value xsi:type="xsd:string">v</value>');
});
