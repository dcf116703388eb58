// The JSON as json-glib prints it: two spaces, " : " between key and value, key order kept, empty lists on two lines.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// renderJSON returns the text as it is where it is no JSON: a state may hold rubbish on purpose.
func renderJSON(text json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var out strings.Builder
	if err := renderValue(&out, decoder, 0); err != nil {
		return string(text)
	}
	out.WriteByte('\n')
	return out.String()
}

func renderValue(out *strings.Builder, decoder *json.Decoder, depth int) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	delim, composite := token.(json.Delim)
	if !composite {
		return renderScalar(out, token)
	}
	out.WriteString(delim.String() + "\n")
	for n := 0; decoder.More(); n++ {
		if n > 0 {
			out.WriteString(",\n")
		}
		out.WriteString(strings.Repeat("  ", depth+1))
		if delim == '{' {
			key, err := decoder.Token()
			if err != nil {
				return err
			}
			if err := renderScalar(out, key); err != nil {
				return err
			}
			out.WriteString(" : ")
		}
		if err := renderValue(out, decoder, depth+1); err != nil {
			return err
		}
		if !decoder.More() {
			out.WriteByte('\n')
		}
	}
	end, err := decoder.Token()
	if err != nil {
		return err
	}
	out.WriteString(strings.Repeat("  ", depth) + end.(json.Delim).String())
	return nil
}

func renderScalar(out *strings.Builder, token json.Token) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(token); err != nil {
		return err
	}
	out.WriteString(strings.TrimRight(text.String(), "\n"))
	return nil
}

// replaceMember exchanges one value of an object and keeps the order of its keys.
func replaceMember(object json.RawMessage, name string, value json.RawMessage) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return object
	}
	out := []byte{'{'}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return object
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil && err != io.EOF {
			return object
		}
		if key == name {
			member = value
		}
		quoted, err := json.Marshal(key)
		if err != nil {
			return object
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, quoted...), ':'), member...)
	}
	return append(out, '}')
}
