// The copying of a clone's disks: as long as size and rate make it, with progress, until it is done or cancelled.
package main

import (
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

const copyStep = 20 * time.Millisecond

// runBeside runs a task that holds no lock on its entity, so that reads of it go on and others like it run beside.
func runBeside(ctx *simulator.Context, entity types.ManagedObjectReference, name string, run func(*simulator.Context, *simulator.Task) (types.AnyType, types.BaseMethodFault)) types.ManagedObjectReference {
	stand := types.ManagedObjectReference{Type: entity.Type, Value: entity.Value + " " + uuid.NewString()}
	own := *ctx
	started := make(chan struct{})
	task := simulator.CreateTask(stand, name, func(task *simulator.Task) (types.AnyType, types.BaseMethodFault) {
		<-started
		return run(&own, task)
	})
	ref := task.Run(&own)
	isolated := *ctx
	ctx.Map.AtomicUpdate(&isolated, task, []types.PropertyChange{{Name: "info.entity", Val: &entity}, {Name: "info.entityName", Val: entity.Value}, {Name: "info.cancelable", Val: true}})
	close(started)
	return ref
}

// copyBytes takes bytes / --clone-rate. A cancelled task is RequestCanceled.
func (vc *VCenter) copyBytes(ctx *simulator.Context, task *simulator.Task, bytes int64) types.BaseMethodFault {
	if vc.settings.CloneRate <= 0 {
		return nil
	}
	begun := time.Now()
	whole := time.Duration(float64(bytes) / float64(vc.settings.CloneRate) * float64(time.Second))
	for told := int32(-1); ; {
		passed := time.Since(begun)
		if cancelled(ctx, task) {
			return &types.RequestCanceled{}
		}
		if passed >= whole {
			return nil
		}
		if percent := int32(passed * 100 / whole); percent != told {
			told = percent
			own := *ctx
			ctx.Map.AtomicUpdate(&own, task, []types.PropertyChange{{Name: "info.progress", Val: percent}})
		}
		time.Sleep(min(copyStep, whole-passed))
	}
}

func cancelled(ctx *simulator.Context, task *simulator.Task) bool {
	own := *ctx
	is := false
	ctx.Map.WithLock(&own, task, func() { is = task.Info.Cancelled })
	return is
}
