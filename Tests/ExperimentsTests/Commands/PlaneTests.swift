import Autograd
import Datasets
import LatentAnalysis
import Models
import Testing

@testable import Experiments

/// Pictures of where codes lie and what is around them.
@Suite struct PlaneTests {
    @Test func planesOfRunsAreSideBySide() throws {
        let folder = try TrainedFixture.copy()
        let plain = try tapestry(
            "train", "autoencoder", "--data", "digits8x8", "--epochs", "1", "--latent-size", "2",
            "--hidden-sizes", "8", "--output", "plain", "--quiet", in: folder)
        #expect(plain.status == 0, "\(plain.error)")
        let outcome = try tapestry(
            "planes", "plain", "run", "--count", "10", "--quiet", in: folder)
        #expect(outcome.status == 0 && outcome.output == "planes.png\n", "\(outcome.error)")
        let picture = try PNG.read(folder.path("planes.png"))
        #expect(picture.width == 2 * 488 + 8 && picture.height == 2 * 488 + 8)
        let wide = try tapestry(
            "train", "autoencoder", "--data", "digits8x8", "--epochs", "1", "--latent-size", "3",
            "--hidden-sizes", "8", "--output", "wide", "--quiet", in: folder)
        #expect(wide.status == 0)
        expectFailure(
            try tapestry("planes", "run", "wide", "--quiet", in: folder),
            "wide: expected codes of 2 components", "found codes of 3")
    }

    /// Of a model of poses the plane is of the rest, coloured by what is known of images.
    @Test func planesAreColouredByFactors() throws {
        let folder = TestFolder()
        let trained = try tapestry(
            "train", "rvae", "--data", "digits8x8", "--turn", "uniform:60", "--epochs", "1",
            "--hidden-sizes", "8", "--decoder-sizes", "8,8", "--output", "run", "--quiet",
            in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let outcome = try tapestry(
            "planes", "run", "--by", "turn", "--count", "10", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let picture = try PNG.read(folder.path("planes.png"))
        #expect(picture.width == 488 + 8 && picture.height == 3 * 488 + 8)
        // Both maps have the same points, in other colours.
        func plot(_ row: Int) -> [UInt8] {
            (100..<400).flatMap { y in
                (100..<400).flatMap { x -> [UInt8] in
                    let place = 3 * ((row * 488 + y + 8) * picture.width + x + 8)
                    return Array(picture.pixels[place..<place + 3])
                }
            }
        }
        #expect(plot(0) != plot(1))
        #expect(try tapestry("manifold", "run", "--quiet", in: folder).status == 0)
        expectFailure(
            try tapestry("planes", "run", "--by", "shear", "--quiet", in: folder),
            "expected samples whose shear is known", "found turn")
    }

    @Test func factorsAreColouredInOrder() {
        let angle = Factor("angle", symmetries: [360])
        let values = (0..<36).map { 10 * Double($0) }
        let around = FactorParts(angle, values)
        #expect(around.scale == .cyclic && around.names.count == 8)
        #expect(around.parts.first == 0 && around.parts.last == 7)
        #expect(around.parts == around.parts.sorted())
        #expect(FactorParts(angle, values.map { $0 / 10 }).scale == .sequential)
        let few = FactorParts(Factor("size"), [3, 1, 2, 1])
        #expect(few.parts == [2, 0, 1, 0] && few.names == ["1", "2", "3"])
        #expect(FactorParts(Factor("shape", isCategory: true), values).scale == nil)
        #expect(FactorParts(Factor("x"), [0.5, 0.5]).parts == [0, 0])
    }

    @Test func aConditionalModelHasAPlaneForEachClass() throws {
        let folder = TestFolder()
        let training = try tapestry(
            "train", "conditional-vae", "--data", "digits8x8", "--epochs", "1", "--latent-size",
            "2", "--hidden-sizes", "8", "--output", "run", "--quiet", in: folder)
        #expect(training.status == 0, "\(training.error)")
        #expect(try folder.text("run/report.html").contains("Planes of codes"))
        // Two rows of five planes, each of 10 × 10 tiles of 32 pixels.
        let picture = try PNG.read(folder.path("run/manifold.png"))
        #expect(picture.width == 5 * 328 + 8 && picture.height == 2 * 328 + 8)
        let smaller = try tapestry("manifold", "run", "--count", "2", "--quiet", in: folder)
        #expect(smaller.status == 0)
        #expect(try PNG.read(folder.path("run/manifold.png")).width == 5 * 72 + 8)
    }

    @Test func changesGrowWithDistance() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "surroundings", "run", "--draws", "4", "--sample", "3", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let picture = try PNG.read(folder.path("run/surroundings.png"))
        #expect(picture.width == 5 * 68 + 4 && picture.height == 5 * 68 + 4)
        let table = try CSV.Table(contentsOf: folder.path("run/surroundings.csv"))
        let changes = try table.rows.map { try #require(Double($0[1])) }
        #expect(changes.count == 5 && changes == changes.sorted() && changes[0] > 0)
        for words in [
            ["--draws", "0"], ["--sample", "0"], ["--sample", "1", "--image", "x.png"],
        ] {
            let wrong = try ProgramProcess(
                ["surroundings", "run", "--quiet"] + words, in: folder
            ).outcome()
            #expect(wrong.status == 2 && wrong.complaints.count == 1)
        }
    }

    /// Codes that are the samples: what a picture shows is what was added.
    private struct Mirror: Encodes, DecodesOnto {
        func encode(_ batch: Batch) -> Tensor { batch.input }
        func decode(_ code: Tensor) -> Tensor { code }
        func decode(_ code: Tensor, onto samples: Tensor) -> Tensor { code + 0 * samples }
        mutating func visit(_ visitor: inout ModuleVisitor) {}
    }

    @Test func editsAddTheVector() throws {
        let pixels = Tensor([10.0, 20, 30, 40, 0, 0, 0, 0]).cast(to: .uint8).reshaped([2, 2, 2])
        let dataset = Dataset(
            name: "two", training: Examples(pixels), test: Examples(pixels), classNames: [],
            source: "")
        let codes = Tensor(rows: [[0.2, 0, 0, 0.4], [0, 0, 0, 0]])
        let vector = try #require(AttributeVector(of: codes, [true, false]))
        let picture = try Pictures(of: Mirror(), on: dataset).edits(
            by: Mirror(), [vector, vector], strengths: [0, 1, -0.5], of: dataset.test[[0]],
            monitor: .silent)
        // Tiles of 2 × 2 squares of 32 pixels, with 4 between them.
        func tile(_ row: Int, _ column: Int) -> [UInt8] {
            [(0, 0), (32, 0), (0, 32), (32, 32)].map { x, y in
                picture[4 + 68 * column + x, 4 + 68 * row + y].red
            }
        }
        for row in 0..<2 {
            #expect(tile(row, 0) == [10, 20, 30, 40] && tile(row, 1) == [10, 20, 30, 40])
            #expect(tile(row, 2) == [61, 20, 30, 142])
            #expect(tile(row, 3) == [0, 20, 30, 0])
        }
    }

    @Test func picturesAreJoinedInReadingOrder() {
        let colours = [1, 2, 3].map { Color(white: $0) }
        let pictures = zip(colours, [2, 1, 2]).map { color, side in
            Picture(width: side, height: side, background: color)
        }
        let joined = Picture(
            joining: pictures, columns: 2, margin: 1, background: Color(white: 9))
        #expect(joined.width == 7 && joined.height == 7)
        #expect(
            [(1, 1), (2, 2), (4, 1), (5, 1), (1, 4), (4, 4), (0, 0)].map { joined[$0, $1].red }
                == [1, 1, 2, 9, 3, 9, 9])
    }
}
