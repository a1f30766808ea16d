import Autograd
import FileSupport

/// How 8-bit values become numbers that a density can be of.
///
/// A density can be as high as one likes at values that are few, so that its logarithm says nothing.
/// With noise that fills the gaps between them, the mean logarithm of the density of a model is less
/// by `elements · log 256` than a bound on the logarithm of the probability that the model gives the
/// values (Theis, van den Oord and Bethge, "A note on the evaluation of generative models",
/// arXiv:1511.01844, section 3.1).
public enum Dequantization: String, Codable, CaseIterable, Sendable {
    /// Value k of 0 to 255 becomes (k + u) / 256 with u from 0 to 1, drawn anew for each batch.
    case uniform

    /// The number of values.
    package static let levels = 256
}

extension Dataset {
    /// The data with noise between 8-bit values.
    ///
    /// - Throws: if a number is not one of those, a multiple of 1/255 from 0 to 1.
    public func dequantized(_ how: Dequantization) throws(FileError) -> Dataset {
        for examples in [training, test] {
            guard let element = examples.firstElementBetweenBytes else { continue }
            throw FileError(
                path: name,
                expected: "8-bit values, multiples of 1/255 from 0 to 1, to put noise between them",
                found: "\(element.value) in sample \(element.sample + 1)")
        }
        return Dataset(
            name: name, training: training.with(training.inputs, drawing: .noise),
            test: test.with(test.inputs, drawing: .noise),
            classNames: classNames, columnNames: columnNames, notes: notes, source: source)
    }
}

extension Examples {
    /// Whether noise is put between 8-bit values (``Dataset/dequantized(_:)``).
    package var areDequantized: Bool { drawing == .noise }

    /// By how much 255 times a number may differ from a whole one, as it was rounded to `float32` or
    /// written with six decimals.
    package static let roundingOfBytes = 1e-3

    /// The first element that is no 8-bit value.
    fileprivate var firstElementBetweenBytes: SampleElement? {
        if inputs.dataType == .uint8 { return nil }
        if let element = firstElement(outside: 0...1) { return element }
        for sample in 0..<count {
            let values = inputs[sample].cast(to: .float64).flattened(fromAxis: 0)
            let remainders = abs(255 * values - round(255 * values)).elements(as: Double.self)
            if let place = remainders.firstIndex(where: { $0 > Self.roundingOfBytes }) {
                return SampleElement(
                    sample: sample, element: place, value: values[place].scalar)
            }
        }
        return nil
    }
}

/// Numbers k / 255 as (k + u) / 256.
func dequantized(_ values: Tensor, using generator: inout RandomGenerator) -> Tensor {
    let noise = generator.uniform(values.shape, dataType: values.dataType)
    return (round(255 * values) + noise) / Double(Dequantization.levels)
}
