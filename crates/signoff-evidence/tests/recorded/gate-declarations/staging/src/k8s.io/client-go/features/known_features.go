package features

const (
	// owner: @somebody
	// beta: v1.35
	WatchListClient Feature = "WatchListClient"
)

var defaultKubernetesFeatureGates = map[Feature]FeatureSpec{
	WatchListClient: {Default: true, PreRelease: Beta},
}

func broken( {
