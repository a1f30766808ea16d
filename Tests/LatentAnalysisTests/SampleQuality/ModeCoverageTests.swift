import Autograd
import Datasets
import LatentAnalysis
import TestSupport
import Testing

@Suite struct ModeCoverageTests {
    private static func modes(of set: Dataset) throws -> ModeCoverage.Modes {
        ModeCoverage.Modes(of: set.training.inputs, labels: try #require(set.training.labels))
    }

    /// Of the data themselves all modes are found, and as many samples are good as of a normal
    /// distribution in the plane, 1 − exp(−9/2).
    @Test(arguments: [(Dataset.grid(), 25, 0.05), (Dataset.circle(), 8, 0.02)])
    func theDataHaveAllModes(_ set: Dataset, modes count: Int, deviation: Double) throws {
        let modes = try Self.modes(of: set)
        #expect(modes.areApart && modes.deviations.count == count)
        #expect(modes.deviations.allSatisfy { abs($0 / deviation - 1) < 0.1 })
        let coverage = ModeCoverage(of: set.test.inputs, in: modes)
        #expect(coverage.found == count && coverage.counts.count == count)
        #expect(abs(coverage.goodShare - 0.9889) < 0.008, "\(coverage.goodShare)")
    }

    @Test func whatIsMissingIsTold() throws {
        let modes = try Self.modes(of: .grid())
        // In the second mode, on the edge of the first, just outside of it, between modes, nowhere.
        let reach = 3 * modes.deviations[0]
        let start = modes.centres[0].elements(as: Double.self)
        let points = [
            [-2.0, -4], [start[0] + 0.99 * reach, start[1]], [start[0], start[1] + 1.01 * reach],
            [1, 1], [.nan, 0], [1e300, 0],
        ]
        let coverage = ModeCoverage(of: Tensor(rows: points), in: modes)
        #expect(coverage.counts.prefix(2) == [1, 1] && coverage.counts.reduce(0, +) == 2)
        #expect(coverage.found == 2 && coverage.goodShare == 2.0 / 6)
    }

    /// Classes that lie among each other are no modes; samples without a label do not count.
    @Test func labelsMakeTheModes() throws {
        #expect(try !Self.modes(of: .rings()).areApart)
        let samples = Tensor(rows: [[0.0, 0], [2, 0], [50, 9], [100, 9], [9, 9]])
        let modes = ModeCoverage.Modes(
            of: samples, labels: Tensor([7, 7, 2, 2, -1] as [Int32]))
        #expect(modes.centres.elements(as: Double.self) == [75, 9, 1, 0])
        #expect(modes.deviations == [(625.0 / 2).squareRoot(), 0.5.squareRoot()])
    }

    @Test func mistakesTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let modes = ModeCoverage.Modes(
                of: .ones([2, 3]), labels: Tensor([0, 1] as [Int32]))
            _ = ModeCoverage(of: .ones([2, 2]), in: modes)
        }
        #expect(message(of: result).contains("samples of shape [2, 2] in modes of shape [2, 3]"))
    }
}
