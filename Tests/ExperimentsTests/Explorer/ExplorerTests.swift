import Autograd
import Datasets
import Foundation
import Models
import TestSupport
import Testing

@testable import Experiments

/// What a page has of a decoder, and of codes.
@Suite struct ExplorerTests {
    private static func bytes(_ base64: String?) throws -> [UInt8] {
        Array(try #require(base64.flatMap { Data(base64Encoded: $0) }))
    }

    private static func normal(_ shape: [Int], seed: UInt64) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape)
    }

    // MARK: Weights

    @Test func wholeNumbersArePackedBitByBit() throws {
        let tensor = Tensor([[1.27, -1.27, 0.64], [0, 12.7, 0.1]].flatMap { $0 }, shape: [2, 3])
        let packed = PackedTensor(tensor.cast(to: .float32), .bits(8))
        #expect(packed.shape == [2, 3] && packed.bits == 8)
        #expect(try Self.bytes(packed.values) == [255, 1, 192, 128, 255, 129])
        // 2047 and −2047 are 4095 and 1 of twelve bits.
        let twelve = PackedTensor(Tensor([1.0, -1], shape: [1, 2]).cast(to: .float32), .bits(12))
        #expect(try Self.bytes(twelve.values) == [0xFF, 0xF0, 0x01])
        let nine = PackedTensor(Tensor([1.0], shape: [1, 1]).cast(to: .float32), .bits(9))
        #expect(try Self.bytes(nine.values) == [0b1111_1111, 0b1000_0000])
        // Vectors, and numbers of full precision, are floats.
        let vector = PackedTensor(Tensor([1.0, -2]).cast(to: .float32), .bits(8))
        #expect(try Self.bytes(vector.values) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
        #expect(vector.scales == nil && vector.bits == nil)
    }

    @Test(arguments: [8, 9, 12, 16]) func roundingKeepsMostOfEachRow(bits: Int) {
        let rows =
            Self.normal([4, 50], seed: 3)
            * Tensor([1e-3, 1, 100, 0], shape: [4, 1])
            .cast(to: .float32)
        let rounded = PackedTensor.rounded(rows, .bits(bits))
        let greatest = abs(rows).max(axes: [1], keepingAxes: true)
        let step = greatest / Double(1 << (bits - 1) - 1)
        let excess = abs(rounded - rows) - 0.5001 * step - 1e-6 * greatest
        #expect(excess.max().scalar <= 0)
        #expect(PackedTensor.rounded(rows, .float32) == rows)
    }

    @Test func precisionIsTheLeastThatKeepsGreyLevels() {
        var generator = RandomGenerator(seed: 4)
        let inputs = generator.normal([100, 6])
        func error(_ steps: [NetworkStep], _ precision: PackedTensor.Precision) -> Double {
            let rounded = steps.mapTensors { PackedTensor.rounded($0, precision) }
            return 255 * abs(rounded(inputs) - steps(inputs)).max().scalar
        }
        for scale in [0.3, 3, 30, 3000] {
            let weight = scale * generator.normal([80, 6])
            let steps: [NetworkStep] = [.dense(weight: weight, bias: nil), .sigmoid]
            let precision = PackedTensor.Precision.sufficient(for: steps, on: inputs)
            #expect(error(steps, precision) < 1)
            if case .bits(let bits) = precision, bits > 8 {
                #expect(error(steps, .bits(bits - 1)) >= 1)
            }
            if scale == 0.3 { #expect(precision == .bits(8)) }
            if scale == 3000 { #expect(precision != .bits(8)) }
        }
    }

    // MARK: Directions

    @Test func aPlaneIsItsOwn() throws {
        let codes = Self.normal([200, 2], seed: 5)
        let plane = CodeDirections(of: codes, names: [], prior: .standardNormal)
        #expect(plane.origin == [0, 0])
        #expect(plane.directions.map(\.vector) == [[1, 0], [0, 1]])
        #expect(plane.directions.allSatisfy { $0.lower <= -3 && $0.upper >= 3 })
        let learned = CodeDirections(of: 0.1 * codes + 5, names: [], prior: .none)
        #expect(learned.directions.allSatisfy { $0.lower > 4 && $0.upper < 6 })
    }

    @Test func otherDirectionsArePrincipalAndInOrder() throws {
        let spreads = Tensor([0.5, 4, 1, 2], shape: [1, 4]).cast(to: .float32)
        let codes = Self.normal([500, 4], seed: 6) * spreads + 1
        let found = CodeDirections(of: codes, names: ["angle"], prior: .none)
        #expect(found.directions.count == 4)
        // The named number comes last, and is no part of the others.
        #expect(found.directions[3].name == "angle" && found.directions[3].vector == [1, 0, 0, 0])
        #expect(found.directions[3].upper == Double.pi)
        for (direction, axis) in zip(found.directions, [1, 3, 2]) {
            #expect(abs(direction.vector[axis]) > 0.98 && direction.vector[0] == 0)
            #expect(direction.name.hasPrefix("direction"))
        }
        #expect(found.directions[0].upper - found.directions[0].lower > 16)
        #expect(found.origin[0] == 0 && abs(found.origin[2] - 1) < 0.2)
    }

    @Test func codesThatAreAllTheSameCanBeMoved() {
        let found = CodeDirections(of: Tensor.zeros([50, 5]), names: [], prior: .standardNormal)
        #expect(found.directions.map(\.vector) == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
        let many = CodeDirections(
            of: Self.normal([100, 900], seed: 7), names: [], prior: .none)
        #expect(many.directions.count == 44)
    }

    // MARK: Pages

    private static func explorer(in folder: TestFolder) throws -> Explorer {
        let file = try ExplorerFile.read(of: TrainingRun.open(at: folder.path("run")))
        return try #require(file?.explorer)
    }

    @Test func thePageHasTheDecoderAndSamples() throws {
        let folder = TrainedFixture.made.folder
        let explorer = try Self.explorer(in: folder)
        #expect(explorer.picture == [1, 8, 8] && explorer.codeShape == [2])
        #expect(explorer.samples.numbers.count == 20 && explorer.points.x.count == 360)
        #expect(explorer.samples.classes.prefix(4) == ["0", "0", "1", "1"])
        #expect(explorer.condition == nil && explorer.scale == nil)

        let page = try folder.text("run/report.html")
        #expect(page.contains("script-src 'unsafe-inline'"))
        #expect(page.contains("id=\"explorer-data\">{"))
        for outside in ["http:", "https:", "src=\"/", "@import", "url(", "fetch(", "import("] {
            let text = page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
            #expect(!text.contains(outside), "\(outside)")
        }
        // The elements of the script end where they should.
        #expect(page.ranges(of: "<script").count == 2 && page.ranges(of: "</script>").count == 2)
    }

    /// Those beside a test sample are the nearest of all.
    @Test func theNearestTrainingSamplesAreThere() throws {
        let explorer = try Self.explorer(in: TrainedFixture.made.folder)
        let digits = try Dataset.named("digits8x8")
        let model = try #require(
            TrainingRun.open(at: TrainedFixture.made.folder.path("run")).model() as? any Encodes)
        let training = model.codes(of: digits.training)
        func floats(_ text: String?) throws -> [Float] {
            try Self.bytes(text).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        }
        let starts = try floats(explorer.samples.codes.values)
        let packed = explorer.samples.trainingCodes
        let scales = try floats(packed.scales)
        let there = try Self.bytes(packed.values).enumerated().map { index, byte in
            (Float(byte) - 128) * scales[index / 2]
        }
        for start in 0..<20 {
            let own = [starts[2 * start], starts[2 * start + 1]]
            let code = Tensor(own, shape: [1, 2])
            let nearest = square(training - code).sum(axes: [1]).min().scalar.squareRoot()
            let shown =
                (0..<packed.shape[0]).map { row in
                    Double(hypot(there[2 * row] - own[0], there[2 * row + 1] - own[1]))
                }.min() ?? .infinity
            // What 8 bits leave of a code.
            #expect(abs(shown - nearest) < 0.02)
        }
    }

    @Test func namesCannotEndTheScript() throws {
        var explorer = try Self.explorer(in: TrainedFixture.made.folder)
        explorer.samples.classes[0] = "</script><b>\"'&"
        let section = try ExplorerSection(explorer)
        #expect(section.scripts.contains("\\u003c/script>\\u003cb>\\\"'&"))
        #expect(section.scripts.ranges(of: "</script>").count == 2)
    }

    @Test func aLargeDecoderIsRefusedInALine() throws {
        let explorer = try Self.explorer(in: TrainedFixture.made.folder)
        #expect(try ExplorerFile(explorer).note == nil)
        let refused = try ExplorerFile(explorer, limit: 20_000)
        #expect(refused.explorer == nil)
        let note = try #require(refused.note)
        #expect(note.contains("0.1 MB, more than the 0.0 MB") && note.contains("smaller decoder"))
        var contents = ReportContents(title: "t", recipe: "r", introduction: "", command: "")
        contents.explorerNote = note
        #expect(contents.html().contains("<p class=\"remark\">The page has no explorer"))
        #expect(!contents.html().contains("<script"))
    }

    /// The rows of tables, and vectors, are no pictures; nothing is said.
    @Test func whatIsNoPictureHasNoExplorer() throws {
        for (recipe, data) in [("table", "customers"), ("autoencoder", "rings")] {
            let folder = TestFolder()
            let trained = try tapestry(
                "train", recipe, "--data", data, "--epochs", "1", "--hidden-sizes", "8",
                "--latent-size", "2", "--output", "run", "--quiet", in: folder)
            #expect(trained.status == 0, "\(trained.error)")
            #expect(!folder.exists("run/\(RunFile.explorer)"))
            #expect(!(try folder.text("run/report.html").lowercased().contains("explorer")))
        }
    }

    /// A model whose decoder has an activation of its own.
    @Test func aDecoderWithoutDescriptionHasALine() throws {
        var generator = RandomGenerator(seed: 8)
        let own = ActivationFunction("own") { $0 * $0 }
        let model = Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([64, 2], using: &generator)),
            decoder: BernoulliDecoder(
                MultilayerPerceptron(
                    [2, 4, 64], activation: own, outputShape: [8, 8], using: &generator)))
        let pictures = Pictures(of: model, on: try Dataset.named("digits8x8"))
        let silent = ProgressMonitor<Never>.silent
        let codes = try pictures.testCodes(by: model, seed: 0, monitor: silent)
        let file = try #require(try pictures.explorer(codes, monitor: silent))
        #expect(file.explorer == nil)
        #expect(file.note?.contains("does not describe its decoder") == true)
    }

    /// Samples without a label are no start for what is told one.
    @Test func onlySamplesWithALabelAreAStart() throws {
        let folder = TestFolder()
        let digits = try Dataset.named("digits8x8").training[Array(0..<80)]
        let labels = try #require(digits.labels).elements(as: Int32.self)
        let rows = digits.scaled().flattened().elements(as: Float.self)
        let lines = (0..<80).map { row in
            (rows[64 * row..<64 * row + 64].map { "\($0)" } + [row % 3 == 0 ? "" : "\(labels[row])"])
                .joined(separator: ",")
        }
        let header = ((1...64).map { "p\($0)" } + ["digit"]).joined(separator: ",")
        try folder.write(([header] + lines).joined(separator: "\n") + "\n", to: "digits.csv")
        let trained = try tapestry(
            "train", "m2", "--data", "digits.csv", "--label", "digit", "--epochs", "1",
            "--latent-size", "3", "--hidden-sizes", "8", "--output", "run", "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let explorer = try Self.explorer(in: folder)
        #expect(explorer.samples.told.count == explorer.samples.numbers.count)
        #expect(explorer.samples.told.allSatisfy { $0 >= 0 })
        #expect(explorer.condition?.classes == explorer.condition?.choices.count)
    }
}
