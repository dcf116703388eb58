// The SOAP answers that the control door makes by itself: a fault, or a task.
package main

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

const (
	envelopeStart = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>`
	envelopeEnd = `</soapenv:Body></soapenv:Envelope>`
)

func writeSOAPFault(w http.ResponseWriter, fault types.BaseMethodFault) {
	kind := reflect.TypeOf(fault).Elem().Name()
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = fmt.Fprintf(w, "%s<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>injected: %s</faultstring><detail>", envelopeStart, kind)
	start := xml.StartElement{Name: xml.Name{Local: kind + "Fault"}, Attr: []xml.Attr{
		{Name: xml.Name{Local: "xmlns"}, Value: "urn:vim25"}, {Name: xml.Name{Local: "xsi:type"}, Value: kind},
	}}
	encoder := xml.NewEncoder(w)
	if err := encoder.EncodeElement(fault, start); err != nil {
		panic(err) // an API type always marshals
	}
	_ = encoder.Flush()
	_, _ = fmt.Fprintf(w, "</detail></soapenv:Fault>%s", envelopeEnd)
}

func writeSOAPTask(w http.ResponseWriter, method string, task types.ManagedObjectReference) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = fmt.Fprintf(w, `%s<%sResponse xmlns="urn:vim25"><returnval type="Task">%s</returnval></%sResponse>%s`,
		envelopeStart, method, task.Value, method, envelopeEnd)
}
