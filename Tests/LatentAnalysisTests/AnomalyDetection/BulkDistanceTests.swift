import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct BulkDistanceTests {
    /// Points near a line, then as many anomalies as asked beside it, together at one place.
    private func points(_ count: Int, anomalies: Int) -> Tensor {
        var generator = RandomGenerator(seed: 8)
        let place = generator.normal([count, 1], dataType: .float64)
        let noise = 0.1 * generator.normal([count, 1], dataType: .float64)
        let usual = concatenated([100 * place, 0.01 * (place + noise)], axis: 1)
        let strange = Tensor(rows: [[150, -0.015]]).broadcast(to: [anomalies, 2])
        return concatenated([
            usual, strange + 0.001 * generator.normal([anomalies, 2], dataType: .float64),
        ])
    }

    /// One in six: together they widen a covariance of all so much that they are near.
    @Test func anomaliesAmongTheSamplesDoNotHideEachOther() {
        let samples = points(500, anomalies: 100)
        let distances = BulkDistance(from: samples)(samples)
        let (usual, strange) = (distances[0..<500], distances[500..<600])
        #expect(strange.min().scalar > 5 * usual.max().scalar)
        let ordinary = MahalanobisDistance(from: samples)(samples)
        #expect(ordinary[500..<600].max().scalar < ordinary[0..<500].max().scalar)
    }

    /// With all samples in the bulk, the definition written down.
    @Test func distancesAreThoseOfTheDefinition() {
        var generator = RandomGenerator(seed: 9)
        let samples = generator.normal([41, 3], dataType: .float64)
        let sorted = samples.sorted(axis: 0)
        let spread = (sorted[30] - sorted[10]) / 1.349
        let limited = clamp((samples - sorted[20]) / spread, from: -10, through: 10)
        func standard(_ x: Tensor) -> Tensor {
            (x - limited.mean(axes: [0]))
                / sqrt(square(limited - limited.mean(axes: [0])).mean(axes: [0]))
        }
        let w = standard(limited)
        let covariance = matmul(w, w, transposingLeft: true) / 41
        let inverted = inverse(of: covariance + 0.01 * Tensor.identity(3, dataType: .float64))
        let expected = (matmul(w, inverted) * w).sum(axes: [1])
        let found = BulkDistance(from: samples, share: 1)(samples)
        #expect(closeness(of: found, to: expected, tolerance: 1e-10).passes)
    }

    @Test func whatDoesNotVaryOrIsNoNumber() {
        var samples = points(50, anomalies: 0)
        samples[.all, 1] = Tensor(3.0, dataType: .float64)
        let distance = BulkDistance(from: samples.cast(to: .float32))
        let found = distance(Tensor(rows: [[0, 3], [0, 4], [.nan, 3], [.infinity, 3]]))
        #expect(found[0].scalar < 2 && found[1].scalar > 50)
        #expect(found[2].scalar.isNaN && found[3].scalar > 5)
        #expect(BulkDistance(from: samples[0..<1])(samples[0..<1]).scalar == 0)
    }
}
