import Autograd
import Datasets

/// The numbers that training samples consist of, pixels as 0…1: of each column if samples are
/// vectors, of each channel if they are images of several, otherwise of all together.
public struct SampleNumbers: Codable, Hashable, Sendable {
    public var least: [Double]
    public var greatest: [Double]
    public var means: [Double]
    /// The standard deviations; 1 where all numbers are the same.
    public var deviations: [Double]
    /// Whether all numbers are multiples of 1/255 from 0 to 1, as 8-bit pixels are; nil if that was
    /// not measured, as in earlier runs.
    public var areBytes: Bool?
    /// Whether all numbers are 0 or 1, or drawn to be; nil if that was not measured, as in earlier runs.
    public var areBinary: Bool?
    /// How many samples were measured; nil in earlier runs.
    public var samples: Int?

    /// Measures samples; nil if there are none, or one has an element that is not finite.
    public init?(of examples: Examples) {
        guard examples.count > 0, examples.shape.reduce(1, *) > 0,
            examples.firstNotFinite == nil
        else { return nil }
        let (parts, other) = Self.layout(examples.shape)
        // Deviations are summed from the first sample, so that they keep their digits.
        let origin = examples.batch(0..<1, as: .float64).input.reshaped([parts, other])
            .mean(axes: [1], keepingAxes: true)
        func all(_ number: Double) -> Tensor {
            Tensor(repeating: number, shape: [parts], dataType: .float64)
        }
        var (sums, squares) = (all(0), all(0))
        var (least, greatest) = (all(.infinity), all(-.infinity))
        let isOfBytes = examples.inputs.dataType == .uint8
        var (remainder, isBinary) = (0.0, true)
        let rows = max(1, (1 << 18) / examples.shape.reduce(1, *))
        for start in stride(from: 0, to: examples.count, by: rows) {
            let range = start..<min(examples.count, start + rows)
            let values = examples.batch(range, as: .float64).input
                .reshaped([range.count, parts, other])
            let differences = values - origin
            sums = sums + differences.sum(axes: [0, 2])
            squares = squares + square(differences).sum(axes: [0, 2])
            least = minimum(least, values.min(axes: [0, 2]))
            greatest = maximum(greatest, values.max(axes: [0, 2]))
            // Once there are others it is known.
            if isBinary { isBinary = ((values .== 0) .| (values .== 1)).all().scalar == 1 }
            if !isOfBytes, remainder < Examples.roundingOfBytes {
                let multiples = 255 * values
                remainder = abs(multiples - round(multiples)).max().scalar
            }
        }
        samples = examples.count
        let count = Double(examples.count * other)
        let mean = sums / count
        let variance = (squares / count - square(mean)).elements(as: Double.self)
        means = (mean + origin.reshaped([parts])).elements(as: Double.self)
        self.least = least.elements(as: Double.self)
        self.greatest = greatest.elements(as: Double.self)
        deviations = zip(variance, zip(self.least, self.greatest)).map { variance, range in
            range.0 < range.1 && variance > 0 ? variance.squareRoot() : 1
        }
        areBytes = isOfBytes || areShares && remainder < Examples.roundingOfBytes
        areBinary = isBinary || examples.areDrawnPixels
        if examples.areDequantized { dequantize() }
    }

    /// From 8-bit values to these with noise between them.
    private mutating func dequantize() {
        let levels = Double(Dequantization.levels)
        func moved(_ numbers: [Double], by noise: Double) -> [Double] {
            numbers.map { ((levels - 1) * $0 + noise) / levels }
        }
        // The variance of the noise is a twelfth of the square of a level.
        deviations = zip(deviations, zip(least, greatest)).map { deviation, range in
            let own = range.0 < range.1 ? (levels - 1) * deviation : 0
            return (own * own + 1.0 / 12).squareRoot() / levels
        }
        (least, means, greatest) = (
            moved(least, by: 0), moved(means, by: 0.5), moved(greatest, by: 1)
        )
        (areBytes, areBinary) = (false, false)
    }

    /// Whether all numbers are from 0 to 1.
    public var areShares: Bool {
        least.allSatisfy { $0 >= 0 } && greatest.allSatisfy { $0 <= 1 }
    }

    /// Whether these can be the numbers of samples of a shape.
    func describe(_ sampleShape: [Int]) -> Bool {
        let parts = Self.layout(sampleShape).parts
        let all = [least, greatest, means, deviations]
        return all.allSatisfy { $0.count == parts && $0.allSatisfy(\.isFinite) }
            && deviations.allSatisfy { $0 > 0 } && zip(least, greatest).allSatisfy(<=)
    }

    /// How many parts of a sample are measured, and of how many elements each.
    private static func layout(_ sampleShape: [Int]) -> (parts: Int, elements: Int) {
        let elements = sampleShape.reduce(1, *)
        let parts = sampleShape.count == 1 || sampleShape.count == 3 ? sampleShape[0] : 1
        return (parts, elements / max(1, parts))
    }
}
