// The tags: the privileges that the tagging service needs, and the cluster's tag as OpenShift's installer leaves it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

const taggingPath = "/rest/com/vmware/cis/tagging/"

// taggingPrivileges: by kind of object and HTTP method.
var taggingPrivileges = map[string]map[string]string{
	"tag":      {http.MethodPost: "CreateTag", http.MethodPatch: "EditTag", http.MethodDelete: "DeleteTag"},
	"category": {http.MethodPost: "CreateCategory", http.MethodPatch: "EditCategory", http.MethodDelete: "DeleteCategory"},
}

// guardTags answers 403 where the session's account lacks a privilege of the tagging service.
func (vc *VCenter) guardTags(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account, known := vc.accounts[vc.rest.userOf(r)]
		if rest, tagging := strings.CutPrefix(r.URL.Path, taggingPath); tagging && known {
			if missing := vc.missingTagPrivilege(account, r, rest); missing != "" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = fmt.Fprintf(w, `{"type":"com.vmware.vapi.std.errors.unauthorized","value":{"messages":[{"id":"vapi.security.authorization.invalid","default_message":%q,"args":[]}]}}`,
					"Unable to authorize user: privilege "+missing)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (vc *VCenter) missingTagPrivilege(account Account, r *http.Request, rest string) string {
	registry := vc.service.Context.Map
	onVCenter := func(id string) bool {
		return account.grants(registry, registry.Get(vc.model.ServiceContent.RootFolder), id)
	}
	kind, _, _ := strings.Cut(rest, "/")
	action := r.URL.Query().Get("~action")
	if kind != "tag-association" {
		privilege := taggingPrivileges[kind][r.Method]
		if privilege == "" || action != "" || onVCenter("InventoryService.Tagging."+privilege) {
			return ""
		}
		return "InventoryService.Tagging." + privilege
	}
	if !strings.HasPrefix(action, "attach") && !strings.HasPrefix(action, "detach") {
		return ""
	}
	if !onVCenter("InventoryService.Tagging.AttachTag") {
		return "InventoryService.Tagging.AttachTag"
	}
	for _, object := range associatedObjects(r) {
		if !account.grants(registry, registry.Get(object), "InventoryService.Tagging.ObjectAttachable") {
			return "InventoryService.Tagging.ObjectAttachable"
		}
	}
	return ""
}

func associatedObjects(r *http.Request) []types.ManagedObjectReference {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	type object struct{ Type, ID string }
	var body struct {
		One  *object  `json:"object_id"`
		Many []object `json:"object_ids"`
	}
	_ = json.Unmarshal(text, &body) // the service itself refuses what is no JSON
	if body.One != nil {
		body.Many = append(body.Many, *body.One)
	}
	var references []types.ManagedObjectReference
	for _, o := range body.Many {
		references = append(references, types.ManagedObjectReference{Type: o.Type, Value: o.ID})
	}
	return references
}

// createClusterTag makes tag NAME in category openshift-NAME.
func (vc *VCenter) createClusterTag(rest http.Handler, name string) error {
	session, err := vc.postREST(rest, "", "/rest/com/vmware/cis/session", nil)
	if err != nil {
		return err
	}
	kinds := []string{"urn:vim25:VirtualMachine", "urn:vim25:ResourcePool", "urn:vim25:Folder", "urn:vim25:Datastore", "urn:vim25:StoragePod"}
	const about = "Added by openshift-install do not remove"
	category, err := vc.postREST(rest, session, taggingPath+"category", map[string]any{"create_spec": map[string]any{
		"name": "openshift-" + name, "description": about, "cardinality": "SINGLE", "associable_types": kinds,
	}})
	if err != nil {
		return err
	}
	if _, err = vc.postREST(rest, session, taggingPath+"tag", map[string]any{"create_spec": map[string]any{
		"name": name, "description": about, "category_id": category,
	}}); err != nil {
		return err
	}
	request := httptest.NewRequest(http.MethodDelete, "/rest/com/vmware/cis/session", nil)
	request.Header.Set(restSessionHeader, session)
	rest.ServeHTTP(httptest.NewRecorder(), request)
	return nil
}

// postREST resolves with the value of the answer.
func (vc *VCenter) postREST(rest http.Handler, session, path string, body any) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(text))
	if session == "" {
		request.SetBasicAuth(vc.settings.Username, vc.accounts[vc.settings.Username].Password)
	} else {
		request.Header.Set(restSessionHeader, session)
	}
	answer := httptest.NewRecorder()
	rest.ServeHTTP(answer, request)
	var value struct{ Value string }
	if err := json.Unmarshal(answer.Body.Bytes(), &value); err != nil || value.Value == "" {
		return "", fmt.Errorf("POST %s: status %d: %s", path, answer.Code, answer.Body)
	}
	return value.Value, nil
}
