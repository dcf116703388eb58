package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// startClone clones to cluster-b and gives the task.
func (l *lab) startClone(vm *object.VirtualMachine, name string) *object.Task {
	l.t.Helper()
	pool := must(l.finder.ResourcePool(l.ctx, "/dc-east/host/cluster-b/Resources"))(l.t).Reference()
	store := must(l.finder.Datastore(l.ctx, "/dc-east/datastore/ds-b"))(l.t).Reference()
	spec := types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{Pool: &pool, Datastore: &store}}
	return must(vm.Clone(l.ctx, must(l.finder.Folder(l.ctx, home))(l.t), name, spec))(l.t)
}

func (l *lab) taskInfo(task *object.Task) types.TaskInfo {
	l.t.Helper()
	var got mo.Task
	if err := property.DefaultCollector(l.client.Client).RetrieveOne(l.ctx, task.Reference(), []string{"info"}, &got); err != nil {
		l.t.Fatal(err)
	}
	return got.Info
}

func TestClonesTakeTheirTimeSideBySide(t *testing.T) {
	l := newLab(t, "--clone-rate=8192") // half a second for 4096 bytes
	vm := l.imported("rhcos", nil)
	started := time.Now()
	tasks := []*object.Task{l.startClone(vm, "one"), l.startClone(vm, "two"), l.startClone(vm, "three")}
	eventually(t, func() bool { return l.taskInfo(tasks[0]).Progress > 0 })
	if info := l.taskInfo(tasks[0]); *info.Entity != vm.Reference() || !info.Cancelable {
		t.Errorf("the task is of %s, cancelable %v", info.Entity, info.Cancelable)
	}
	if l.read(vm).Name != "rhcos" || l.count(t, home+"/*") != 1 {
		t.Error("the source cannot be read, or a clone is there before its time")
	}
	if _, err := vm.Destroy(l.ctx); !sameFault(err, &types.TaskInProgress{}) {
		t.Errorf("destroy of a source: %v", err)
	}
	for _, task := range tasks {
		if err := task.Wait(l.ctx); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(started); took < 500*time.Millisecond || took > 1400*time.Millisecond {
		t.Errorf("three clones took %s", took)
	}
	if n := l.count(t, home+"/*"); n != 4 {
		t.Errorf("%d VMs", n)
	}
}

func TestCancelledCloneLeavesNothing(t *testing.T) {
	l := newLab(t, "--clone-rate=40")
	vm := l.imported("rhcos", nil)
	task := l.startClone(vm, "one")
	eventually(t, func() bool { return l.taskInfo(task).State == types.TaskInfoStateRunning })
	if _, err := methods.CancelTask(l.ctx, l.client, &types.CancelTask{This: task.Reference()}); err != nil {
		t.Fatal(err)
	}
	if err := task.Wait(l.ctx); !sameFault(err, &types.RequestCanceled{}) {
		t.Errorf("the task: %v", err)
	}
	eventually(t, func() bool { task, err := vm.Destroy(l.ctx); return err == nil && task.Wait(l.ctx) == nil })
	if n := l.count(t, home+"/*"); n != 0 {
		t.Errorf("%d VMs", n)
	}
}

func TestUploadsShareTheRate(t *testing.T) {
	l := newLab(t, "--upload-rate=1000000")
	started := time.Now()
	done := make(chan error)
	for _, name := range []string{"one", "two"} {
		_, info, err := l.lease(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() { done <- l.upload(info.Items[0], bytes.NewReader(make([]byte, 250_000)), 250_000) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(started); took < 480*time.Millisecond {
		t.Errorf("500 KB at 1 MB/s took %s", took)
	}
}

func TestLongAnswersComeInPages(t *testing.T) {
	l := newLab(t, "--page-size=2")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		l.imported(name, nil)
	}
	var objects []types.ManagedObjectReference
	for _, vm := range must(l.finder.VirtualMachineList(l.ctx, home+"/*"))(t) {
		objects = append(objects, vm.Reference())
	}
	spec := types.PropertyFilterSpec{PropSet: []types.PropertySpec{{Type: "VirtualMachine", PathSet: []string{"name"}}}}
	for _, ref := range objects {
		spec.ObjectSet = append(spec.ObjectSet, types.ObjectSpec{Obj: ref})
	}
	collector := l.client.ServiceContent.PropertyCollector
	page := must(methods.RetrievePropertiesEx(l.ctx, l.client, &types.RetrievePropertiesEx{This: collector, SpecSet: []types.PropertyFilterSpec{spec}}))(t).Returnval
	names := []string{}
	token := page.Token
	for _, object := range page.Objects {
		names = append(names, object.PropSet[0].Val.(string))
	}
	for token != "" {
		next := must(methods.ContinueRetrievePropertiesEx(l.ctx, l.client, &types.ContinueRetrievePropertiesEx{This: collector, Token: token}))(t).Returnval
		for _, object := range next.Objects {
			names = append(names, object.PropSet[0].Val.(string))
		}
		if len(next.Objects) > 2 {
			t.Errorf("%d objects in a page", len(next.Objects))
		}
		token = next.Token
	}
	if len(page.Objects) != 2 || strings.Join(names, "") != "abcde" {
		t.Errorf("first page %d, all %v", len(page.Objects), names)
	}
}
