// swift-tools-version: 6.2
import PackageDescription

/// What is written by hand for comparison, compiled once per instruction set, as the library's
/// kernels are: the folders are symbolic links to one, and in it the vectors and their
/// elementary functions are the library's own.
func handwritten(_ name: String, features: [String], define: String) -> Target {
    .target(
        name: name,
        swiftSettings: [
            .define(define),
            .unsafeFlags(
                ["-Ounchecked", "-disable-batch-mode", "-wmo", "-num-threads", "2"]
                    + ["-Xcc", "-fno-math-errno"]
                    + features.flatMap { ["-Xcc", "-m\($0)"] }),
        ])
}

#if arch(x86_64)
    let avx2 = ["avx2", "fma", "f16c", "bmi", "bmi2", "lzcnt", "popcnt"]
    let avx512 = avx2 + ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]
    let handwrittenTargets = [
        handwritten("HandwrittenPortable", features: [], define: "VECTOR_128"),
        handwritten("HandwrittenAVX2", features: avx2, define: "VECTOR_256"),
        handwritten("HandwrittenAVX512", features: avx512, define: "VECTOR_512"),
    ]
#else
    let handwrittenTargets = [
        handwritten("HandwrittenPortable", features: [], define: "VECTOR_128")
    ]
#endif

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "tapestry", path: "..")],
    targets: [
        .executableTarget(
            name: "speed",
            dependencies: [
                .product(name: "Autograd", package: "tapestry"),
                .product(name: "Models", package: "tapestry"),
            ] + handwrittenTargets.map { .target(name: $0.name) })
    ] + handwrittenTargets,
    swiftLanguageModes: [.v6]
)
