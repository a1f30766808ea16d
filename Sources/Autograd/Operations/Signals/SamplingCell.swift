import KernelInterface

/// The elements of images that can be sampled.
protocol SampledElement: TensorElement, BinaryFloatingPoint {
    init(_ value: Int32)
}
extension Float: SampledElement {}
extension Double: SampledElement {}

/// The two neighbouring pixels along an axis that are seen at each of some coordinates, and what each
/// of them counts. Computed in passes without branches, which the compiler vectorises.
struct AxisCells<Weight: SampledElement> {
    let lower: UnsafeMutablePointer<Int32>
    /// −1 where nothing is seen.
    let upper: UnsafeMutablePointer<Int32>
    let lowerWeight: UnsafeMutablePointer<Weight>
    let upperWeight: UnsafeMutablePointer<Weight>

    /// Calls `body` with memory for `count` coordinates.
    static func withMemory(_ count: Int, _ body: (AxisCells) -> Void) {
        // Sound: all that is read of the memory is written before.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { pixels in
            withUnsafeTemporaryAllocation(of: Weight.self, capacity: 2 * count) { weights in
                guard let pixel = pixels.baseAddress, let weight = weights.baseAddress else {
                    return
                }
                body(
                    AxisCells(
                        lower: pixel, upper: pixel + count, lowerWeight: weight,
                        upperWeight: weight + count))
            }
        }
    }

    /// Sets the cells of every other number from `coordinates` on, on an axis of `size` pixels, with
    /// the weights or their derivative of an order.
    func set<Element: SampledElement>(
        _ coordinates: UnsafePointer<Element>, _ count: Int, _ size: Int, _ border: Border,
        _ order: Int
    ) {
        // The weights' memory has the places on the axis and the directions that they are seen in.
        switch border {
        case .clamped: setPlaces(coordinates, count, from: 0, through: size - 1, before: 0)
        case .zero: setPlaces(coordinates, count, from: -1, through: size, before: -2)
        case .reflected: setMirroredPlaces(coordinates, count, size)
        }
        kernels.convert(Weight.dataType, .int32, upperWeight, lower, count)
        if border == .reflected { stepBackWhereMirrored(count) }
        setWeights(count, last: Int32(border == .zero ? size + 2 : size - 1), order)
        if border == .zero { removeFrame(count, size) }
    }

    /// The coordinates, held between two pixels, as distances from that which those before have.
    private func setPlaces<Element: SampledElement>(
        _ coordinates: UnsafePointer<Element>, _ count: Int, from first: Int, through last: Int,
        before: Int
    ) {
        let (first, last) = (Weight(Int32(first)), Weight(Int32(last)))
        let before = Weight(Int32(before))
        for index in 0..<count {
            let x = Weight(coordinates[2 * index].asDouble)
            upperWeight[index] = (x < first ? before : x < last ? x : last) - before
            lowerWeight[index] = x < first ? 0 : x < last ? 1 : 0
        }
    }

    private func setMirroredPlaces<Element: SampledElement>(
        _ coordinates: UnsafePointer<Element>, _ count: Int, _ size: Int
    ) {
        let last = Weight(Int32(size - 1))
        for index in 0..<count {
            let x = Weight(coordinates[2 * index].asDouble)
            let distance = abs(x)
            let isBeyond = x < 0 ? distance > last : distance >= last
            if distance >= 2 * last {
                (upperWeight[index], lowerWeight[index]) = Self.mirrored(x, last)
            } else {
                upperWeight[index] = isBeyond ? 2 * last - distance : distance
                lowerWeight[index] = (x < 0) == isBeyond ? 1 : -1
            }
        }
    }

    /// The place that is seen at any distance, and the direction that it is seen in.
    private static func mirrored(_ x: Weight, _ last: Weight) -> (place: Weight, direction: Weight)
    {
        guard last > 0 else { return (0, 0) }
        let rest = x.truncatingRemainder(dividingBy: 2 * last)
        let place = rest < 0 ? rest + 2 * last : rest
        return place < last ? (place, 1) : (max(0, 2 * last - place), -1)
    }

    /// Seen from the other side, greater coordinates are before a pixel.
    private func stepBackWhereMirrored(_ count: Int) {
        for index in 0..<count {
            let pixel = lower[index]
            let isAtCentre = Weight(pixel) == upperWeight[index]
            let step: Int32 = lowerWeight[index] < 0 ? (isAtCentre ? 1 : 0) : 0
            lower[index] = max(0, pixel &- step)
        }
    }

    private func setWeights(_ count: Int, last: Int32, _ order: Int) {
        for index in 0..<count {
            let pixel = min(lower[index], last)
            lower[index] = pixel
            upper[index] = min(pixel &+ 1, last)
        }
        switch order {
        case 0:
            for index in 0..<count {
                let part = upperWeight[index] - Weight(lower[index])
                (lowerWeight[index], upperWeight[index]) = (1 - part, part)
            }
        case 1:
            for index in 0..<count {
                let direction = lowerWeight[index]
                (lowerWeight[index], upperWeight[index]) = (-direction, direction)
            }
        default:
            lowerWeight.update(repeating: 0, count: count)
            upperWeight.update(repeating: 0, count: count)
        }
    }

    /// From pixels of an axis with two more before the first and one after the last to those of the
    /// image.
    private func removeFrame(_ count: Int, _ size: Int) {
        let last = Int32(size - 1)
        for index in 0..<count {
            let pixel = lower[index] &- 2
            let inside = max(0, min(pixel, last))
            let left = inside == pixel ? lowerWeight[index] : 0
            let right = pixel < last ? upperWeight[index] : 0
            (lowerWeight[index], upperWeight[index]) = (left, right)
            lower[index] = inside
            upper[index] = pixel >= -1 ? (pixel <= last ? min(pixel &+ 1, last) : -1) : -1
        }
    }
}

/// The four pixels around each of some coordinates.
struct PointCells<Weight: SampledElement> {
    let x: AxisCells<Weight>
    let y: AxisCells<Weight>
    /// The elements of an image in a row.
    let width: Int
    /// Whether there may be coordinates at which nothing is seen.
    let hasGaps: Bool

    @inline(__always)
    private func isSeen(_ index: Int) -> Bool {
        !hasGaps || x.upper[index] | y.upper[index] >= 0
    }

    /// The pixels around a coordinate, row by row; nil if nothing is seen.
    @inline(__always)
    func pixels(_ index: Int, _ image: UnsafePointer<Weight>) -> (
        Weight, Weight, Weight, Weight
    )? {
        guard isSeen(index) else { return nil }
        let (left, right) = (Int(x.lower[index]), Int(x.upper[index]))
        let upper = image + Int(y.lower[index]) &* width
        let lower = image + Int(y.upper[index]) &* width
        return (upper[left], upper[right], lower[left], lower[right])
    }

    /// The sum of the pixels with their weights.
    @inline(__always)
    func sum(_ index: Int, _ image: UnsafePointer<Weight>) -> Weight {
        guard let (a, b, c, d) = pixels(index, image) else { return 0 }
        let (left, right) = (x.lowerWeight[index], x.upperWeight[index])
        return (a * left + b * right) * y.lowerWeight[index]
            + (c * left + d * right) * y.upperWeight[index]
    }

    /// The derivatives of the sum, with the derivatives of the weights in `slopes`.
    @inline(__always)
    func slopes(_ index: Int, _ image: UnsafePointer<Weight>, _ slopes: PointCells) -> (
        x: Weight, y: Weight
    ) {
        guard let (a, b, c, d) = pixels(index, image) else { return (0, 0) }
        let upper = a * slopes.x.lowerWeight[index] + b * slopes.x.upperWeight[index]
        let lower = c * slopes.x.lowerWeight[index] + d * slopes.x.upperWeight[index]
        let left = a * x.lowerWeight[index] + b * x.upperWeight[index]
        let right = c * x.lowerWeight[index] + d * x.upperWeight[index]
        return (
            upper * y.lowerWeight[index] + lower * y.upperWeight[index],
            left * slopes.y.lowerWeight[index] + right * slopes.y.upperWeight[index]
        )
    }

    /// Adds a number to the pixels with their weights.
    @inline(__always)
    func add(_ number: Weight, _ index: Int, _ image: UnsafeMutablePointer<Weight>) {
        guard isSeen(index) else { return }
        let (left, right) = (Int(x.lower[index]), Int(x.upper[index]))
        let upper = image + Int(y.lower[index]) &* width
        let lower = image + Int(y.upper[index]) &* width
        let (above, below) = (number * y.lowerWeight[index], number * y.upperWeight[index])
        upper[left] += above * x.lowerWeight[index]
        upper[right] += above * x.upperWeight[index]
        lower[left] += below * x.lowerWeight[index]
        lower[right] += below * x.upperWeight[index]
    }
}
