import Foundation
import TestSupport
import Testing

/// The list of all that is public, in `Docs/PublicSurface`, is what the modules have: what changes
/// there shows in review.
///
/// After a change on purpose, `TAPESTRY_UPDATE_SURFACE=1 swift test --filter PublicSurfaceTests`
/// writes the list again.
@Suite struct PublicSurfaceTests {
    private static let extractor = ["/usr/bin/env", "swift-symbolgraph-extract"]

    /// The modules as they were compiled for these tests.
    private static let modules = (try? ProgramProcess.executable)?.deletingLastPathComponent()
        .appending(path: "Modules")

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Docs/PublicSurface")

    private static let canExtract: Bool = {
        guard let modules, FileManager.default.fileExists(atPath: modules.path) else {
            return false
        }
        // 127 where there is no such tool.
        return (try? ChildProcess.output(of: extractor + ["-help"])).map { $0.status != 127 }
            ?? false
    }()

    private struct Graph: Decodable {
        struct Symbol: Decodable {
            struct Fragment: Decodable { var spelling: String }
            var pathComponents: [String]
            var declarationFragments: [Fragment]?
        }
        var symbols: [Symbol]
    }

    /// A line for each public declaration of a module, in order.
    private func surface(of module: String, target: String) throws -> String {
        let folder = TestFolder()
        let modules = try #require(Self.modules)
        let result = try ChildProcess.output(
            of: Self.extractor + [
                "-module-name", module, "-I", modules.path, "-target", target,
                "-minimum-access-level", "public", "-skip-synthesized-members",
                "-output-dir", folder.path(""),
            ])
        try #require(result.status == 0)
        let graphs = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
            .filter { $0.hasSuffix(".symbols.json") }
        let lines = try graphs.flatMap { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
            return try JSONDecoder().decode(Graph.self, from: data).symbols.map { symbol in
                let declaration = symbol.declarationFragments?.map(\.spelling).joined() ?? ""
                return symbol.pathComponents.joined(separator: ".") + "   "
                    + declaration.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
        return Set(lines).sorted().map { $0 + "\n" }.joined()
    }

    @Test(
        .enabled(if: canExtract, "needs swift-symbolgraph-extract and the compiled modules"),
        arguments: [
            "Autograd", "Distributions", "GradientTesting", "FileSupport", "Datasets",
            "NeuralNetworks", "LatentAnalysis", "Models",
            "Experiments",
        ])
    func nothingIsPublicByAccident(_ module: String) throws {
        struct Target: Decodable {
            struct Triple: Decodable { var triple: String }
            var target: Triple
        }
        let info = try ChildProcess.output(of: ["/usr/bin/env", "swiftc", "-print-target-info"])
        let target = try JSONDecoder().decode(Target.self, from: info.output).target.triple
        let found = try surface(of: module, target: target)
        let file = Self.folder.appending(path: "\(module).txt")
        if ProcessInfo.processInfo.environment["TAPESTRY_UPDATE_SURFACE"] == "1" {
            try Data(found.utf8).write(to: file)
        }
        let listed = try String(contentsOf: file, encoding: .utf8)
        let (new, old) = (
            Set(found.split(separator: "\n")), Set(listed.split(separator: "\n"))
        )
        #expect(new.subtracting(old).isEmpty, "public, and not in \(file.path)")
        #expect(old.subtracting(new).isEmpty, "in \(file.path), and no longer public")
    }
}
