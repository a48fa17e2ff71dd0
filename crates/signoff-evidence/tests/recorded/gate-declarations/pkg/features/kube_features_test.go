package features

const Fake featuregate.Feature = "Fake"
