// The object that an Event is about, where a person looks for it.

export interface Involved {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid: string;
}

interface Named {
  name: string;
  uid: string;
}

export function aboutNode({ name, uid }: Named): Involved {
  return { apiVersion: "v1", kind: "Node", name, uid };
}

export function aboutMachineSet({ name, namespace, uid }: Named & { namespace: string }): Involved {
  return { apiVersion: "machine.openshift.io/v1beta1", kind: "MachineSet", name, namespace, uid };
}

export function aboutMachine({ name, namespace, uid }: Named & { namespace: string }): Involved {
  return { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine", name, namespace, uid };
}

export function aboutPolicy({ name, uid }: Named): Involved {
  return { apiVersion: "bootwarden.io/v1alpha1", kind: "BootImagePolicy", name, uid };
}
