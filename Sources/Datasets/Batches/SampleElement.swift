import Autograd

/// An element of a sample: where it is, from 0, and what it is.
public struct SampleElement: Hashable, Sendable {
    public let sample: Int
    /// Its place in the sample, flattened.
    public let element: Int
    public let value: Double

    public init(sample: Int, element: Int, value: Double) {
        (self.sample, self.element, self.value) = (sample, element, value)
    }
}

extension Examples {
    /// The first element of an input that lies outside a range, such as that of the values that a
    /// likelihood is defined for: pixels as the numbers that they become. Nil where all lie within.
    public func firstElement(outside range: ClosedRange<Double>) -> SampleElement? {
        let unit = inputs.dataType == .uint8 ? 255.0 : 1
        let stored = range.lowerBound * unit...range.upperBound * unit
        return inputs.firstElement(outside: stored).map {
            SampleElement(sample: $0.sample, element: $0.element, value: $0.value / unit)
        }
    }
}
