// OpenShift's monitoring takes its objects by the definitions of this module.
module bootwarden.io/lab/definitions

go 1.25.0

require github.com/prometheus-operator/prometheus-operator v0.81.0
