import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct MahalanobisDistanceTests {
    @Test func mahalanobisIsInUnitsOfTheSpread() {
        // Spread 2 along one direction and 1 along the other, turned by 45°, and none along a
        // third.
        let codes = Tensor(
            rows: [[2, 2, 5], [-2, -2, 5], [1, -1, 5], [-1, 1, 5.0]])
        let distance = MahalanobisDistance(from: codes)
        let squares = distance(Tensor(rows: [[2, 2, 5], [1, -1, 5], [0, 0, 5], [0, 0, 9.0]]))
            .elements(as: Double.self)
        #expect(zip(squares, [2, 2, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
        // Along a direction without a spread, 10⁻⁹ of the greatest variance, which is 4, counts.
        #expect(abs(squares[3] / (16 / 4e-9) - 1) < 1e-9)
    }

    @Test func fromCodesThatAreAllEqualOthersAreInfinitelyFar() {
        for value in [0.0, 0.1, 5e300] {
            let distance = MahalanobisDistance(
                from: Tensor(rows: [[value, 3], [value, 3], [value, 3]]))
            let squares = distance(
                Tensor(rows: [[value, 3], [value + 1, 3], [value, 3.000001]])
            )
            .elements(as: Double.self)
            // One more is no difference to 5 · 10³⁰⁰.
            #expect(squares == [0, value < 1 ? .infinity : 0, .infinity])
        }
    }

    @Test func whatIsNotFiniteIsNotNear() {
        let codes = Tensor(rows: [[1, 0], [-1, 0], [0, 1], [0, -1.0]])
        let distance = MahalanobisDistance(from: codes)
        let squares = distance(
            Tensor(
                rows: [
                    [.nan, 0], [.infinity, 0], [-.infinity, .infinity], [1e300, 1e300],
                    [.nan, .infinity], [1, 0],
                ])
        ).elements(as: Double.self)
        #expect(squares[0].isNaN && squares[4].isNaN)
        #expect(squares[1...3].allSatisfy { $0 == .infinity })
        #expect(abs(squares[5] - 2) < 1e-12)
        for value in [Double.nan, .infinity] {
            let unknown = MahalanobisDistance(
                from: concatenated([codes, Tensor(rows: [[value, 0]])]))
            #expect(unknown(codes).elements(as: Double.self).allSatisfy { $0.isNaN })
        }
    }

    /// The units of codes do not matter, however large or small.
    @Test func mahalanobisIsWithoutUnits() {
        var generator = RandomGenerator(seed: 6)
        let codes = generator.normal([30, 3], dataType: .float64)
        let expected = MahalanobisDistance(from: codes)(codes)
        for unit in [1e-200, 1e-20, 1e20, 1e200] {
            let found = MahalanobisDistance(from: codes * unit)(codes * unit)
            #expect(abs(found / expected - 1).max().scalar < 1e-9, "\(unit)")
        }
    }
}
