import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// What takes long shows how far it has come, and ends in good order on Ctrl-C.
@Suite struct LongWorkTests {
    /// 50,000 pictures, a table of 5,000 rows and a large picture.
    private static let large: TestFolder = {
        let folder = TestFolder()
        try! NPY.write(
            Tensor(repeating: 7, shape: [50_000, 8, 8], dataType: .uint8),
            to: folder.path("pictures.npy"))
        try! CSV.write(.customers(count: 5000), to: folder.path("orders.csv"))
        try! PNG.write(
            PNG.Image(
                width: 1024, height: 1024, channels: 1,
                pixels: [UInt8](repeating: 99, count: 1 << 20)),
            to: folder.path("large.png"))
        return folder
    }()

    /// A run on pictures, `run`, one on a table that goes over a row again and again, `table`,
    /// and one that removes noise, `denoise`.
    private func runs() throws -> TestFolder {
        let folder = try TrainedFixture.copy()
        try FileManager.default.copyItem(
            atPath: TableFixture.made.folder.path("run"), toPath: folder.path("table"))
        let configuration = try folder.text("table/config.json")
        try folder.write(
            configuration.replacing(#""rounds" : 3"#, with: #""rounds" : 100"#),
            to: "table/config.json")
        try folder.copy("dncnn", from: ApplyTests.runs)
        return folder
    }

    private static let pictures = ["--data", large.path("pictures.npy"), "--part", "training"]

    @Test(arguments: [
        ("metrics", ["evaluate", "run"] + pictures),
        ("codes", ["embed", "run"] + pictures),
        ("codes", ["map", "run", "--count", "50000"] + pictures),
        ("t-SNE", ["map", "run", "--iterations", "1000000"]),
        ("training samples", ["score", "run", "--by", "mahalanobis"] + pictures),
        ("scores", ["score", "run", "--draws", "100000"]),
        ("sample", ["sample", "run", "--count", "10000"]),
        ("run", ["spectrum", "run", "--samples", "360"]),
        ("run", ["estimates", "run", "--draws", "10000000"]),
        ("filling", ["impute", "table", large.path("orders.csv")]),
        ("dncnn", ["apply", "dncnn", large.path("large.png"), "--output", "clean.png"]),
    ])
    func interruptedItWritesNothing(title: String, words: [String]) throws {
        let folder = try runs()
        let before = try folder.files
        let process = try TerminalProcess(words, in: folder)
        #expect(process.draws("\(title)  "), "\(process.text)")
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130 && outcome.output.isEmpty)
        #expect(process.text.hasSuffix("tapestry: interrupted; nothing was written\r\n"))
        #expect(try folder.files == before)
    }

    @Test func theTerminalIsLeftAsItWas() throws {
        let folder = try TrainedFixture.copy()
        let process = try TerminalProcess(["embed", "run"], in: folder)
        #expect(try process.outcome().status == 0)
        #expect(process.text.contains(" %") && process.text.hasSuffix("\r\u{1B}[2K"))
        let quiet = try TerminalProcess(["embed", "run", "--quiet"], in: folder)
        #expect(try quiet.outcome().status == 0)
        #expect(quiet.text.isEmpty)
    }
}
