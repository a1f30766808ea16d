import Autograd
import Foundation
import Testing

@testable import tapestry

@Suite struct PrincipalComponentsTests {
    /// Points with standard deviations 5, 2 and 1 along three orthogonal directions.
    @Test func directionsAndSharesAreThoseThePointsWereMadeWith() {
        let count = 3000
        var generator = RandomGenerator(seed: 3)
        let noise = generator.normal([count, 3], dataType: .float64)
        let third = 1.0 / 3
        let directions = Tensor(
            rows: [
                [2 * third, 2 * third, third], [-2 * third, third, 2 * third],
                [third, -2 * third, 2 * third],
            ] as [[Double]])
        let deviations = Tensor([5.0, 2, 1])
        let points = matmul(noise * deviations, directions) + Tensor([100.0, -7, 3])

        let components = PrincipalComponents(of: points)
        #expect(components.coordinates.shape == [count, 2])
        for (share, expected) in zip(components.shares, [0.8333, 0.1333]) {
            #expect(isClose(share, expected, 0.02))
        }
        // The coordinates are the noise that the points were made of, up to sign and chance.
        let known = noise * deviations
        for axis in 0..<2 {
            let found = components.coordinates.sliced(axis: 1, axis..<axis + 1)
            let made = known.sliced(axis: 1, axis..<axis + 1)
            let product = (found * made).mean().scalar
            let norms = (square(found).mean() * square(made).mean()).scalar.squareRoot()
            #expect(isClose(product.magnitude, norms, 0.01 * norms))
        }
        let mean = components.coordinates.mean(axes: [0]).elements(as: Double.self)
        #expect(mean.allSatisfy { $0.magnitude < 1e-10 })
    }

    /// The variances along the directions are the greatest eigenvalues, whose sum and product
    /// are the trace and the determinant in two dimensions.
    @Test func eigenvaluesOfAKnownMatrix() {
        // Covariance [[2, 1], [1, 2]]: eigenvalues 3 and 1.
        let far = 3.0.squareRoot()
        let points = Tensor(rows: [[far, far], [-far, -far], [1, -1], [-1, 1]] as [[Double]])
        let components = PrincipalComponents(of: points)
        #expect(isClose(components.shares[0], 0.75, 1e-12))
        #expect(isClose(components.shares[1], 0.25, 1e-12))
        let first = components.coordinates.sliced(axis: 1, 0..<1).elements(as: Double.self)
        let end = 6.0.squareRoot()
        for (value, expected) in zip(first, [end, -end, 0, 0]) {
            #expect(isClose(value, expected, 1e-12))
        }
    }

    private func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        (value - expected).magnitude <= tolerance
    }

    @Test func equalPointsLieAtTheOrigin() {
        let components = PrincipalComponents(of: Tensor(repeating: 4, shape: [5, 3]))
        #expect(components.coordinates.elements(as: Double.self).allSatisfy { $0 == 0 })
        #expect(components.shares == [0, 0])
    }

    @Test func pointsOnALineHaveOneDirection() {
        let rows: [[Double]] = (0..<10).map { [Double($0), Double(2 * $0), Double(-$0)] }
        let line = Tensor(rows: rows)
        let components = PrincipalComponents(of: line)
        #expect(isClose(components.shares[0], 1, 1e-12))
        #expect(components.shares[1] == 0)
        let second = components.coordinates.sliced(axis: 1, 1..<2).elements(as: Double.self)
        #expect(second.allSatisfy { $0 == 0 })
    }
}
