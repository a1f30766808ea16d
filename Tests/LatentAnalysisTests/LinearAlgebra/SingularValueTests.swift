import Autograd
import Datasets
import Models
import TestSupport
import Testing

@testable import LatentAnalysis

@Suite struct SingularValueTests {
    /// A matrix with known singular values: rotations of a diagonal one.
    private func matrix(_ rows: Int, _ columns: Int, _ values: [Double]) -> Tensor {
        var generator = RandomGenerator(seed: 1)
        func orthonormal(_ size: Int) -> Tensor {
            Initializer.orthogonal(gain: 1)(
                [size, size], fanIn: size, fanOut: size, using: &generator
            )
            .cast(to: .float64)
        }
        let count = values.count
        let left = orthonormal(rows).sliced(axis: 1, 0..<count)
        return matmul(left * Tensor(values), orthonormal(columns)[0..<count])
    }

    @Test(arguments: [(6, 4), (4, 6), (90, 80), (70, 200)])
    func areFound(rows: Int, columns: Int) {
        let values = [5.0, 3, 2, 0.5]
        let found = singularValues(of: matrix(rows, columns, values), count: 4)
        // The rotations are orthonormal in single precision.
        #expect(zip(found, values).allSatisfy { abs($0 - $1) < 1e-5 })
        let first = singularValues(of: matrix(rows, columns, values), count: 1)
        #expect(first.count == 1 && abs(first[0] - 5) < 1e-5)
    }

    @Test func spectrumOfALinearEncoderIsThatOfItsWeight() {
        var generator = RandomGenerator(seed: 2)
        let model = TiedAutoencoder(
            elements: 12, latentSize: 5, activation: Sequential {},
            output: GaussianDecoder(Reshape([3, 4])), using: &generator)
        var told: [Double] = []
        let spectrum = model.jacobianSpectrum(
            at: Batch(generator.normal([4, 3, 4])), count: 5,
            monitor: ProgressMonitor { event in
                if case .advanced(let part, _) = event { told.append(part) }
            })
        #expect(told == [0.25, 0.5, 0.75, 1])
        let expected = singularValues(of: model.weight, count: 5)
        #expect(zip(spectrum, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(expected[4] > 0.01)
    }

    @Test func tooManyTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = singularValues(of: .zeros([3, 2]), count: 3) }
        #expect(message(of: result).contains("3 singular values of a matrix of shape [3, 2]"))
    }

    /// Squares of the elements would overflow or vanish.
    @Test func valuesOfAnyUnit() {
        let matrix = Tensor(rows: [[3, 1], [1, 2], [0, 1.0]])
        let expected = singularValues(of: matrix, count: 2)
        for unit in [1e-250, 1e-100, 1e160, 1e300] {
            let found = singularValues(of: matrix * unit, count: 2)
            #expect(
                zip(found, expected).allSatisfy { abs($0 / ($1 * unit) - 1) < 1e-12 }, "\(unit)")
        }
    }

    @Test(arguments: [Double.nan, .infinity]) func whatIsNotFiniteHasNoValues(_ value: Double) {
        let matrix = Tensor(rows: [[1, value], [value, 1]])
        #expect(singularValues(of: matrix, count: 2).allSatisfy { $0.isNaN })
        #expect(
            largestPrincipalAngle(between: matrix, and: Tensor.identity(2, dataType: .float64))
                .isNaN)
    }
}
