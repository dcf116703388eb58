// The lock of a clone's source: while its disks are copied, it can be read and cloned, but not destroyed.
package main

import (
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// copies are the clone tasks under way, by source.
type copies struct {
	mutex sync.Mutex
	tasks map[types.ManagedObjectReference][]types.ManagedObjectReference
}

// begin holds the source until the function that it answers is called.
func (c *copies) begin(source, task types.ManagedObjectReference) func() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.tasks == nil {
		c.tasks = map[types.ManagedObjectReference][]types.ManagedObjectReference{}
	}
	c.tasks[source] = append(c.tasks[source], task)
	return func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		var others []types.ManagedObjectReference
		for _, other := range c.tasks[source] {
			if other != task {
				others = append(others, other)
			}
		}
		c.tasks[source] = others
	}
}

// refuse gives TaskInProgress for the removal of a VM that is being copied.
func (c *copies) refuse(method *simulator.Method) types.BaseMethodFault {
	if method.Name != "Destroy_Task" && method.Name != "UnregisterVM" {
		return nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if tasks := c.tasks[method.This]; len(tasks) > 0 {
		return &types.TaskInProgress{Task: tasks[0]}
	}
	return nil
}
