// swift-tools-version: 6.2
import PackageDescription

/// One set of kernel sources, compiled once per instruction set. Every folder
/// `Sources/Kernels…` is a symbolic link to `Sources/Kernels`; what differs are
/// the processor features the compiler may use and the width of a vector.
/// The kernels are optimised in debug builds too: unoptimised SIMD is unusable.
func kernels(_ name: String, features: [String], define: String) -> Target {
    .target(
        name: name,
        dependencies: ["KernelInterface"],
        swiftSettings: [
            .define(define),
            // The sanitizers, which debug builds are made with, cannot compile it.
            .define("PREFETCHING", .when(configuration: .release)),
            .unsafeFlags(
                ["-Ounchecked", "-disable-batch-mode", "-wmo", "-num-threads", "2"]
                    // Square roots are one instruction only where they need not set errno.
                    + ["-Xcc", "-fno-math-errno"] + features.flatMap { ["-Xcc", "-m\($0)"] }),
        ])
}

#if arch(x86_64)
    let avx2 = ["avx2", "fma", "f16c", "bmi", "bmi2", "lzcnt", "popcnt"]
    let avx512 = avx2 + ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]
    let kernelTargets = [
        kernels("KernelsPortable", features: [], define: "VECTOR_128"),
        kernels("KernelsAVX2", features: avx2, define: "VECTOR_256"),
        kernels("KernelsAVX512", features: avx512, define: "VECTOR_512"),
    ]
#else
    let kernelTargets = [kernels("KernelsPortable", features: [], define: "VECTOR_128")]
#endif

let package = Package(
    name: "tapestry",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Autograd", targets: ["Autograd"]),
        .library(name: "Distributions", targets: ["Distributions"]),
        .library(name: "GradientTesting", targets: ["GradientTesting"]),
        .library(name: "FileSupport", targets: ["FileSupport"]),
        .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
        .library(name: "LatentAnalysis", targets: ["LatentAnalysis"]),
        .library(name: "Models", targets: ["Models"]),
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "Experiments", targets: ["Experiments"]),
        .executable(name: "tapestry", targets: ["tapestry"]),
    ],
    targets: [
        .target(name: "KernelInterface"),
        .target(
            name: "Autograd",
            dependencies: ["KernelInterface"]
                + kernelTargets.map { .target(name: $0.name) },
            // Unoptimised, special functions, decompositions and Fourier transforms take fifty times
            // as long.
            swiftSettings: [
                .unsafeFlags(
                    ["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"],
                    .when(configuration: .debug))
            ]),
        .target(name: "Distributions", dependencies: ["Autograd"]),
        .target(name: "GradientTesting", dependencies: ["Autograd"]),
        .target(name: "FileSupport"),
        .target(
            name: "Datasets", dependencies: ["Autograd", "FileSupport"],
            exclude: ["Bundled/NOTICE.txt", "Bundled/SHA256SUMS"],
            // Unoptimised, pictures are compressed at less than a megabyte a second.
            swiftSettings: [
                .unsafeFlags(
                    ["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"],
                    .when(configuration: .debug))
            ]),
        .target(name: "NeuralNetworks", dependencies: ["Autograd", "Datasets", "FileSupport"]),
        .target(name: "LatentAnalysis", dependencies: ["NeuralNetworks"]),
        .target(
            name: "Models", dependencies: ["Distributions", "NeuralNetworks", "LatentAnalysis"]),
        .target(name: "Experiments", dependencies: ["Models"]),
        .executableTarget(
            name: "tapestry", dependencies: ["Experiments"], path: "Sources/Tapestry"),

        .target(name: "TestSupport", dependencies: ["Autograd"], path: "Tests/TestSupport"),
        .target(
            name: "ModelTestSupport", dependencies: ["Models", "TestSupport"],
            path: "Tests/ModelTestSupport"),
        .testTarget(
            name: "KernelTests",
            dependencies: ["KernelInterface", "TestSupport"]
                + kernelTargets.map { .target(name: $0.name) }),
        .testTarget(
            name: "AutogradTests", dependencies: ["Autograd", "TestSupport"],
            // Read from where it lies beside the tests.
            exclude: ["Operations/References/pytorch.json"]),
        .testTarget(name: "DistributionsTests", dependencies: ["Distributions", "TestSupport"]),
        .testTarget(name: "GradientTestingTests", dependencies: ["GradientTesting"]),
        .testTarget(name: "FileSupportTests", dependencies: ["FileSupport", "TestSupport"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TestSupport"]),
        .testTarget(name: "NeuralNetworksTests", dependencies: ["ModelTestSupport"]),
        .testTarget(name: "LatentAnalysisTests", dependencies: ["ModelTestSupport"]),
        .testTarget(
            name: "ModelsTests", dependencies: ["GradientTesting", "ModelTestSupport"]),
        .testTarget(
            name: "ExperimentsTests", dependencies: ["tapestry", "Experiments", "TestSupport"]),
    ] + kernelTargets,
    swiftLanguageModes: [.v6]
)
