package node

var _ = SIGDescribe("Pods", framework.WithFeatureGate(features.ImageVolume), func() {
	f.It("should mount", feature.ImageVolume, framework.WithFeature(feature.UserNamespaces), func() {})
	ginkgo.It("should be told apart [Feature:Sidecars] [FeatureGate:SidecarContainers]", func() {})
})

func WithFeatureGate(gate featuregate.Feature) {}
