// The description of the vSphere Web Services API (vim25) for the soap library: the operations that we call, and no more.

/** Every operation that we call: what the vCenter account needs rights for. */
export const operations = [
  "RetrieveServiceContent",
  "Login",
  "Logout",
  "CurrentTime",
  "FindByInventoryPath",
  "RetrievePropertiesEx",
  "ContinueRetrievePropertiesEx",
  "CreateImportSpec",
  "ImportVApp",
  "HttpNfcLeaseProgress",
  "HttpNfcLeaseGetManifest",
  "HttpNfcLeaseComplete",
  "HttpNfcLeaseAbort",
  "ReconfigVM_Task",
  "UpgradeVM_Task",
  "CreateSnapshot_Task",
  "MarkAsTemplate",
  "Rename_Task",
  "CloneVM_Task",
  "Destroy_Task",
  "CancelTask",
  "RetrieveEntityPermissions",
  "FetchUserPrivilegeOnEntities",
  "QueryConfigOptionDescriptor",
] as const;

export type Operation = (typeof operations)[number];

/** The API version that requests are written in: that of vSphere 8.0. */
const soapAction = "urn:vim25/8.0.0.1";

/**
 * A WSDL 1.1 document in which every message may hold anything: enough for soap to frame requests and to parse answers.
 * Ours, because vCenter's own has 60,000 lines.
 */
export const wsdl = `<?xml version="1.0" encoding="UTF-8"?>
<definitions targetNamespace="urn:vim25Service" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="urn:vim25Service"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:v="urn:vim25" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<types><xsd:schema targetNamespace="urn:vim25" elementFormDefault="qualified">
${operations.map((name) => anything(name) + anything(`${name}Response`)).join("\n")}
</xsd:schema></types>
${operations.map((name) => message(`${name}Request`, name) + message(`${name}Response`, `${name}Response`)).join("\n")}
<portType name="VimPort">
${operations.map(portOperation).join("\n")}
</portType>
<binding name="VimBinding" type="s:VimPort">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${operations.map(boundOperation).join("\n")}
</binding>
<service name="VimService"><port name="VimPort" binding="s:VimBinding"><soap:address location="https://localhost/sdk"/></port></service>
</definitions>`;

function anything(name: string): string {
  const any = '<xsd:any minOccurs="0" maxOccurs="unbounded"/>';
  return `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${any}</xsd:sequence></xsd:complexType></xsd:element>`;
}

function message(name: string, content: string): string {
  return `<message name="${name}"><part name="parameters" element="v:${content}"/></message>`;
}

function portOperation(name: string): string {
  return `<operation name="${name}"><input message="s:${name}Request"/><output message="s:${name}Response"/></operation>`;
}

function boundOperation(name: string): string {
  const literal = '<soap:body use="literal"/>';
  const action = `<soap:operation soapAction="${soapAction}" style="document"/>`;
  return `<operation name="${name}">${action}<input>${literal}</input><output>${literal}</output></operation>`;
}
