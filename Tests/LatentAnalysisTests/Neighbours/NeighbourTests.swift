import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import LatentAnalysis

@Suite struct NeighbourTests {
    private let line = Tensor([0.0, 1, 3, 6.5, 10.5, 15], shape: [6, 1])

    @Test func nearestOnALine() {
        let among = NearestNeighbours(among: line, count: 2)
        #expect(among.positions.elements(as: Int32.self) == [1, 2, 0, 2, 1, 0, 2, 4, 3, 5, 4, 3])
        let distances = [1.0, 9, 1, 4, 4, 9, 12.25, 16, 16, 20.25, 20.25, 72.25]
        #expect(
            closeness(of: among.squaredDistances.elements(), to: distances, tolerance: 1e-12).passes
        )
        let of = NearestNeighbours(of: Tensor([7.0, 3], shape: [2, 1]), in: line, count: 3)
        #expect(of.positions.elements(as: Int32.self) == [3, 4, 2, 2, 1, 0])
        // A query is no sample: one at its place is its nearest.
        #expect(of.squaredDistances.elements(as: Double.self)[3] == 0)
    }

    /// All parts of a search that takes more than one, beside distances one by one.
    @Test func nearestAmongMany() {
        var generator = RandomGenerator(seed: 1)
        let samples = generator.normal([2100, 3], mean: 50, dataType: .float64)
        var parts: [Double] = []
        let monitor = ProgressMonitor { event in
            if case .advanced(let part, _) = event { parts.append(part) }
        }
        let found = NearestNeighbours(among: samples, count: 4, monitor: monitor)
        #expect(parts.count == 2 && parts.last == 1)
        let coordinates = samples.elements(as: Double.self)
        for row in [0, 1000, 1997, 2099] {
            let others = (0..<2100).filter { $0 != row }.map { other in
                let square = (0..<3).reduce(0.0) {
                    let difference = coordinates[3 * row + $1] - coordinates[3 * other + $1]
                    return $0 + difference * difference
                }
                return (square, other)
            }.sorted { $0 < $1 }
            #expect(
                found.positions[row].elements(as: Int32.self)
                    == others.prefix(4).map { Int32($0.1) })
            #expect(
                closeness(
                    of: found.squaredDistances[row].elements(),
                    to: others.prefix(4).map { $0.0 }, tolerance: 1e-10
                ).passes)
        }
    }

    /// Numbers whose squares are too large or too small for their type have the same neighbours.
    @Test(arguments: [DataType.float32, .float64])
    func neighboursAreThoseOfAnyUnit(_ type: DataType) {
        let expected = NearestNeighbours(among: line, count: 3).positions
        let units = type == .float32 ? [1e-30, 1e-15, 1e18, 1e36] : [1e-250, 1e-120, 1e120, 1e300]
        for unit in units {
            let samples = line.cast(to: type) * unit
            let found = NearestNeighbours(among: samples, count: 3)
            #expect(found.positions.isIdentical(to: expected), "\(unit)")
            #expect(found.squaredDistances.dataType == type)
            let others = NearestNeighbours(of: samples, in: samples, count: 2)
            #expect(
                others.positions.sliced(axis: 1, 0..<1).reshaped([-1]).elements(as: Int32.self)
                    == [0, 1, 2, 3, 4, 5])
            #expect(trustworthiness(of: samples, for: line, neighbours: 2) == 1)
        }
        let far = NearestNeighbours(among: line.cast(to: type) * units[3], count: 1)
        #expect(far.squaredDistances.isFinite.any().scalar == 0)
    }

    /// What is not finite comes last, and a sample is never its own neighbour.
    @Test func whatIsNotFiniteIsTheLastNeighbour() {
        let samples = Tensor([0, .nan, 2, 5.0], shape: [4, 1])
        let found = NearestNeighbours(among: samples, count: 3)
        let positions = found.positions.elements(as: Int32.self)
        let distances = found.squaredDistances.elements(as: Double.self)
        #expect(Array(positions[0..<3]) == [2, 3, 1])
        #expect(Array(positions[3..<6]) == [0, 2, 3])
        #expect(Array(positions[6..<12]) == [0, 3, 1, 2, 0, 1])
        #expect(distances[2].isNaN && distances[3..<6].allSatisfy { $0.isNaN })
        #expect(distances[0] == 4 && distances[1] == 25)
        #expect(trustworthiness(of: samples, for: samples, neighbours: 1).isNaN)
        #expect(trustworthiness(of: line * .infinity, for: line, neighbours: 1).isNaN)
        #expect(trustworthiness(of: line, for: line * .infinity, neighbours: 1).isNaN)
    }

    @Test(arguments: [0, 6, Int.max, -1]) func neighboursThatAreNotThereTrap(_ count: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [count = count as Int] in
            _ = NearestNeighbours(among: Tensor.zeros([6, 2]), count: count)
        }
        #expect(message(of: result).contains("\(count) neighbours for queries of shape [6, 2]"))
    }

    /// Distances of points far from zero, of close ones in groups far apart, of huge and of tiny
    /// ones have the digits that single differences have.
    @Test(arguments: [DataType.float32, .float64])
    func distancesThatCancel(_ type: DataType) {
        var generator = RandomGenerator(seed: 2)
        let noise = generator.normal([60, 3], dataType: .float64)
        let groups = Tensor((0..<60).map { Double($0 % 3) * 1e4 }, shape: [60, 1])
        let cases: [(Tensor, Double)] = [
            (noise + 1e4, 1), (noise + groups, 1), (noise * 1e-3 + groups, 1),
            (noise + groups, 1e-25), (noise, type == .float32 ? 1e18 : 1e150),
        ]
        for (index, (samples, size)) in cases.enumerated() {
            let samples = (samples * size).cast(to: type)
            let coordinates = samples.cast(to: .float64).elements(as: Double.self)
            let found = NearestNeighbours(among: samples, count: 4)
            let distances = found.squaredDistances.cast(to: .float64).elements(as: Double.self)
            for row in 0..<60 {
                let others = (0..<60).filter { $0 != row }.map { other in
                    (0..<3).reduce(0.0) {
                        let difference =
                            (coordinates[3 * row + $1] - coordinates[3 * other + $1]) / size
                        return $0 + difference * difference
                    }
                }.sorted()
                let relative = distances[4 * row..<4 * row + 4].map { $0 / size / size }
                let tolerance = type == .float32 ? 1e-5 : 1e-9
                let isClose = zip(relative, others).allSatisfy {
                    $0 == $1 || abs($0 / $1 - 1) < tolerance
                }
                #expect(isClose || size == 1e-25 && type == .float32, "case \(index), row \(row)")
                #expect(relative.allSatisfy { $0 >= 0 })
            }
        }
        // The order is known even where squares are out of range.
        let far = Tensor([0, 1, 3, 7] as [Double], shape: [4, 1])
        let sizes = type == .float32 ? [1e-40, 1e-30, 1e37] : [1e-300, 1e300, 2e307]
        for size in sizes {
            let found = NearestNeighbours(among: (far * size).cast(to: type), count: 2)
            #expect(found.positions.elements(as: Int32.self) == [1, 2, 0, 2, 1, 0, 2, 1])
        }
        // In the same place they have no distance at all.
        let twins = Tensor([1e4, 1e4, 3.7, 3.7], shape: [4, 1]).cast(to: type)
        let nearest = NearestNeighbours(among: twins, count: 1).squaredDistances
        #expect(nearest.max().scalar == 0)
    }

    @Test func equalSamplesAreNeighbours() {
        let found = NearestNeighbours(among: Tensor(repeating: 2, shape: [4, 3]), count: 2)
        #expect(found.positions.elements(as: Int32.self) == [1, 2, 0, 2, 0, 1, 0, 1])
        #expect(found.squaredDistances.elements(as: Float.self).allSatisfy { $0 == 0 })
    }

    /// By hand. On the map A B C D E lie as on the line, and F lies beside A. With one neighbour A
    /// and F have each other, of rank 5 each: 4 + 4 too much. With two A has F (3 too much), E has
    /// C (1) and F has A and B (3 and 2).
    @Test func trustworthinessByHand() {
        let map = Tensor([0.0, 1.5, 4, 8.5, 14, -1.2], shape: [6, 1])
        let one = trustworthiness(of: map, for: line, neighbours: 1)
        #expect(abs(one - (1 - 2.0 / 48 * 8)) < 1e-12)
        let two = trustworthiness(of: map, for: line, neighbours: 2)
        #expect(abs(two - (1 - 2.0 / 60 * 9)) < 1e-12)
        #expect(trustworthiness(of: line * 3, for: line, neighbours: 2) == 1)
    }

    @Test func whatIsThrownEndsTheSearch() {
        struct Enough: Error {}
        let monitor = ProgressMonitor(check: { throw Enough() })
        #expect(throws: Enough.self) {
            try NearestNeighbours(among: line, count: 1, monitor: monitor)
        }
        #expect(throws: Enough.self) {
            try trustworthiness(of: line, for: line, neighbours: 1, monitor: monitor)
        }
    }
}
