// swift-tools-version: 6.2
import PackageDescription

// Feeds the readers of files with what libFuzzer comes up with:
//
//     swift run -c release FuzzReaders -max_total_time=600
//
// The readers are compiled once more here, through symbolic links, so that what they
// do with each input can be watched.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "tapestry", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzReaders",
            dependencies: [
                .product(name: "Autograd", package: "tapestry"),
                .product(name: "FileSupport", package: "tapestry"),
            ],
            swiftSettings: [.unsafeFlags(["-sanitize=fuzzer"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
    ],
    swiftLanguageModes: [.v6])
