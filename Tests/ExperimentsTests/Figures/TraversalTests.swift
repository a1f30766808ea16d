import Autograd
import Datasets
import FileSupport
import Foundation
import TestSupport
import Testing

@testable import Experiments

/// What each component of a code changes.
@Suite struct TraversalTests {
    /// Components of deviation 1, 3 and 2: the second follows the factor of which there are ten values.
    private static let (codes, factors): (Tensor, Factors) = {
        var generator = RandomGenerator(seed: 4)
        let count = 400
        let values = (0..<count).map { Float($0 % 10) }
        let noise = generator.normal([count, 2])
        let codes = concatenated(
            [
                noise[.all, 0..<1],
                Tensor(values.map { $0 - 4.5 }, shape: [count, 1]),
                2 * noise[.all, 1..<2],
            ], axis: 1)
        let known = Factors(
            [Factor("size"), Factor("constant")],
            values: Tensor(values.flatMap { [$0, 1] }, shape: [count, 2]))
        return (codes, known)
    }()

    @Test func componentsThatSayMostComeFirst() {
        let byDeviation = Traversals(
            codes: Self.codes, divergences: [], factors: nil, count: 2)
        #expect(byDeviation.rows.map(\.component) == [2, 3])
        #expect(!byDeviation.areDivergences && byDeviation.rows.allSatisfy { $0.factor == nil })
        let byDivergence = Traversals(
            codes: Self.codes, divergences: [0.5, 0.1, 2], factors: Self.factors, count: 10)
        #expect(byDivergence.rows.map(\.component) == [3, 1, 2])
        #expect(byDivergence.rows.map(\.weight) == [2, 0.5, 0.1])
        // A factor that does not vary is followed by nothing.
        #expect(byDivergence.rows[2].factor == "size")
        #expect(abs(byDivergence.rows[2].share! - 1) < 1e-9)
        #expect(byDivergence.rows.dropLast().allSatisfy { $0.share! < 0.2 })
    }

    @Test func onlyOneComponentMoves() {
        let traversals = Traversals(
            codes: Self.codes, divergences: [], factors: nil, count: 3)
        let start = Tensor([Float(0.25), 0.5, 0.75])
        let codes = traversals.codes(around: start, steps: 5, areDirections: false)
        #expect(codes.shape == [15, 3])
        for (index, row) in traversals.rows.enumerated() {
            for step in 0..<5 {
                let code = codes[index * 5 + step].elements(as: Float.self)
                for (place, value) in code.enumerated() where place != row.component - 1 {
                    #expect(value == start.elements(as: Float.self)[place])
                }
                let expected = row.lower + (row.upper - row.lower) * Double(step) / 4
                #expect(abs(Double(code[row.component - 1]) - expected) < 1e-5)
            }
        }
    }

    @Test func directionsStayDirections() {
        let angles = (0..<100).map { Double($0) * 0.06 }
        let codes = Tensor(angles.flatMap { [cos($0), sin($0), 0] }, shape: [100, 3])
        let traversals = Traversals(codes: codes, divergences: [], factors: nil, count: 3)
        let moved = traversals.codes(
            around: Tensor([0.6, 0.8, 0.0]), steps: 7, areDirections: true)
        for row in 0..<moved.shape[0] {
            #expect(abs(square(moved[row]).sum().scalar - 1) < 1e-9)
        }
    }

    @Test func theTableIsReadAsItWasWritten() throws {
        let folder = TestFolder()
        let path = folder.path("traversals.csv")
        let written = Traversals(
            codes: Self.codes, divergences: [0.5, 0.1, 2], factors: Self.factors, count: 3)
        try CSV.write(written.table, to: path)
        let read = try Traversals(contentsOf: path)
        #expect(read.lines == written.lines && read.areDivergences)
        try "component,divergence\n1,2\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: FileError.self) { try Traversals(contentsOf: path) }
    }

    @Test func theCommandDrawsAndTells() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "traverse", "run", "--components", "2", "--steps", "4", "--sample", "3", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 4 && lines[0].contains("nats"))
        #expect(lines[2] == "run/traversals.png" && lines[3] == "run/traversals.csv")
        let picture = try PNG.read(folder.path("run/traversals.png"))
        #expect(picture.width == 4 * 68 + 4 && picture.height == 2 * 68 + 4)
        let page = try tapestry("report", "run", in: folder)
        #expect(page.status == 0)
        let html = try String(
            contentsOfFile: folder.path("run/report.html"), encoding: .utf8)
        #expect(html.contains("<h2>Traversals</h2>"))
    }

    @Test func moreComponentsThanThereAreAreRefused() throws {
        let folder = try TrainedFixture.copy()
        expectFailure(
            try tapestry("traverse", "run", "--components", "1000", in: folder),
            "--components 1000: expected a whole number from 1 to", status: 2)
        expectFailure(
            try tapestry("traverse", "run", "--steps", "1", in: folder), "--steps 1: expected",
            status: 2)
        expectFailure(
            try tapestry("traverse", "run", "--sample", "0", in: folder), "--sample 0: expected",
            status: 2)
    }
}
