package v1beta1

// +genclient
// +k8s:prerelease-lifecycle-gen:introduced=1.8
// +k8s:prerelease-lifecycle-gen:deprecated=1.21
// +k8s:prerelease-lifecycle-gen:removed=1.25

// CronJob starts jobs.
type CronJob struct {
	metav1.TypeMeta `json:",inline"`

	// Where it is to run.
	// +featureGate=CronJobTimeZone
	// +optional
	TimeZone *string `json:"timeZone,omitempty" protobuf:"bytes,8,opt,name=timeZone"`

	// +featureGate=Inner,Other
	hidden int
}

// +k8s:prerelease-lifecycle-gen:introduced=soon
// +featureGate=WholeType
type CronJobList struct {
}

const (
	// +featureGate=ForConstant
	SomeValue Kind = "x"
)
