package main

import (
	"errors"
	"reflect"

	"github.com/vmware/govmomi/task"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// faultOf digs the fault out of a call's or a task's error.
func faultOf(err error) any {
	var failed task.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		return failed.Fault()
	case soap.IsSoapFault(err):
		return soap.ToSoapFault(err).VimFault()
	case soap.IsVimFault(err):
		return soap.ToVimFault(err)
	}
	return nil
}

func sameFault(err error, want types.BaseMethodFault) bool {
	got := faultOf(err)
	if got == nil {
		return false
	}
	kind := reflect.TypeOf(got)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return kind == reflect.TypeOf(want).Elem()
}
