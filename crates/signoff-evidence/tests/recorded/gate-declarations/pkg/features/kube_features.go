package features

import (
	"k8s.io/apimachinery/pkg/util/version"
	genericfeatures "k8s.io/apiserver/pkg/features"
	"k8s.io/component-base/featuregate"
)

const (
	// owner: @somebody
	// kep: https://kep.k8s.io/4639
	//
	// Lets a pod mount an image as a volume.
	ImageVolume featuregate.Feature = "ImageVolume"

	// owner: @somebody
	// kep: https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/2570-memory-qos
	// and KEP-0753
	MemoryQoS featuregate.Feature = "MemoryQoS"

	// Has another name than its constant.
	CPUCFSQuotaPeriod featuregate.Feature = "CustomCPUCFSQuotaPeriod" // see enhancements/issues/123

	// Not a gate.
	defaultName = "none"
)

var defaultVersionedKubernetesFeatureGates = map[featuregate.Feature]featuregate.VersionedSpecs{
	ImageVolume: {
		{Version: version.MustParse("1.31"), Default: false, PreRelease: featuregate.Alpha},
		{Version: version.MustParse("1.33"), Default: false, PreRelease: featuregate.Beta},
		{Version: version.MustParse("1.36"), Default: true, PreRelease: featuregate.GA, LockToDefault: true}, // remove in 1.39
	},

	CPUCFSQuotaPeriod: {
		{Version: version.MajorMinor(1, 12), Default: useQuota, PreRelease: featuregate.Alpha},
	},

	MemoryQoS: {
		{Version: version.MustParse("1.30"), PreRelease: featuregate.Beta},
		{Version: version.MustParse("1.30"), Default: true, PreRelease: featuregate.Beta, MinCompatibilityVersion: version.MustParse("1.29")},
		{Version: current, Default: true, PreRelease: featuregate.GA},
	},

	genericfeatures.AggregatedDiscoveryRemoveBetaType: {
		{Version: version.MustParse("1.0"), Default: false, PreRelease: featuregate.GA},
		{Version: version.MustParse("1.33"), Default: true, PreRelease: featuregate.Deprecated},
	},
}

var defaultKubernetesFeatureGateDependencies = map[featuregate.Feature][]featuregate.Feature{
	ImageVolume: {CPUCFSQuotaPeriod, genericfeatures.AggregatedDiscoveryRemoveBetaType},
	MemoryQoS:   {},
}

var notGates = map[string]int{"ImageVolume": 1}
