/// Enlarges the rows of a component to the size of the image.
///
/// A factor of two is made by a triangle: a sample counts three times, its neighbour on the other
/// side of the new one once. Rounding is up and down by turns, so that nothing becomes brighter or
/// darker as a whole. Other factors repeat samples. This is what libjpeg-turbo does.
struct ChromaUpsampling {
    private enum Method {
        case none
        case triangleAcross
        case triangleDown
        case triangleBoth
        case repetition
    }

    private let component: JPEGComponent
    private let factor: (across: Int, down: Int)
    private let method: Method
    /// Sums of two rows.
    private var sums: [Int32]

    init(_ component: JPEGComponent, of frame: JPEGFrame) {
        self.component = component
        factor = (
            frame.sampling.across / component.sampling.across,
            frame.sampling.down / component.sampling.down
        )
        // Across, it needs more samples than two.
        let isWide = component.size.across > 2
        switch factor {
        case (1, 1): method = .none
        case (2, 1) where isWide: method = .triangleAcross
        case (1, 2): method = .triangleDown
        case (2, 2) where isWide: method = .triangleBoth
        default: method = .repetition
        }
        sums = [Int32](repeating: 0, count: component.size.across + 2)
    }

    /// How many samples `row` writes: at least a row of the image.
    var width: Int { component.size.across * factor.across }

    /// Writes a row of the image to `output`, which must have room for `width` samples.
    mutating func row(
        _ row: Int, of samples: UnsafeBufferPointer<UInt8>,
        to output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let (near, isLower) = (row / factor.down, row % factor.down == 1)
        let source = self.source(near, samples)
        switch method {
        case .none: _ = output.update(fromContentsOf: source)
        case .repetition:
            for index in 0..<width { output[index] = source[index / factor.across] }
        case .triangleAcross:
            for (index, sample) in source.enumerated() { sums[index + 1] = Int32(sample) }
            widen(to: output, rounding: (1, 2), shift: 2)
        case .triangleDown:
            add(source, neighbour(of: near, isLower, samples))
            for index in source.indices {
                output[index] = UInt8(
                    truncatingIfNeeded: (sums[index + 1] &+ (isLower ? 2 : 1)) &>> 2)
            }
        case .triangleBoth:
            add(source, neighbour(of: near, isLower, samples))
            widen(to: output, rounding: (8, 7), shift: 4)
        }
    }

    /// The samples of a row of the component.
    private func source(
        _ row: Int, _ samples: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        // Sound: a row of the image is one of the component's, which the memory of its blocks has.
        let start = component.sample(row: row, column: 0)
        return UnsafeBufferPointer(rebasing: samples[start..<start + component.size.across])
    }

    /// The row on the other side of the new one; at the edges the same row.
    private func neighbour(
        of row: Int, _ isLower: Bool, _ samples: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        source(
            isLower ? min(row + 1, component.size.down - 1) : max(row - 1, 0), samples)
    }

    private mutating func add(
        _ near: UnsafeBufferPointer<UInt8>, _ far: UnsafeBufferPointer<UInt8>
    ) {
        for index in near.indices {
            sums[index + 1] = 3 &* Int32(near[index]) &+ Int32(far[index])
        }
    }

    /// Makes two samples of each sum. `rounding` is what is added for the left one and the right
    /// one.
    private mutating func widen(
        to output: UnsafeMutableBufferPointer<UInt8>, rounding: (Int32, Int32), shift: Int32
    ) {
        let count = component.size.across
        sums[0] = sums[1]
        sums[count + 1] = sums[count]
        for index in 0..<count {
            let sum = 3 &* sums[index + 1]
            output[2 * index] = UInt8(
                truncatingIfNeeded: (sum &+ sums[index] &+ rounding.0) &>> shift)
            output[2 * index + 1] = UInt8(
                truncatingIfNeeded: (sum &+ sums[index + 2] &+ rounding.1) &>> shift)
        }
    }
}
