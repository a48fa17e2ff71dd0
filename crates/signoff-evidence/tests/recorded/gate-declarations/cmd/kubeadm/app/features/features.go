package features

const (
	// PublicKeysECDSA is set by its own name.
	PublicKeysECDSA = "PublicKeysECDSA"
	// NodeLocalCRISocket is too.
	NodeLocalCRISocket = "NodeLocalCRISocket"
)

var InitFeatureGates = FeatureList{
	PublicKeysECDSA: {
		FeatureSpec:        featuregate.FeatureSpec{Default: false, PreRelease: featuregate.Deprecated},
		DeprecationMessage: "use another way",
	},
	NodeLocalCRISocket: {FeatureSpec: featuregate.FeatureSpec{Default: true, PreRelease: featuregate.GA, LockToDefault: true}},
}
