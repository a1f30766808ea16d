import Autograd

/// An element of a sample: its position, from 0, and its value.
public struct SampleElement: Hashable, Sendable {
    public let sample: Int
    /// Its position in the flattened sample.
    public let element: Int
    public let value: Double

    public init(sample: Int, element: Int, value: Double) {
        (self.sample, self.element, self.value) = (sample, element, value)
    }
}

extension Examples {
    /// The first element of an input outside of a range, such as that of the values for which a
    /// likelihood is defined; pixels count with their scaled values. Nil if all are within the
    /// range.
    public func firstElement(outside range: ClosedRange<Double>) -> SampleElement? {
        let unit = inputs.dataType == .uint8 ? 255.0 : 1
        let stored = range.lowerBound * unit...range.upperBound * unit
        return inputs.firstElement(outside: stored).map {
            SampleElement(sample: $0.sample, element: $0.element, value: $0.value / unit)
        }
    }
}
