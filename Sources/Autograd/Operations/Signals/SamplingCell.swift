/// The elements of images that can be sampled.
protocol SampledElement: TensorElement, BinaryFloatingPoint {}
extension Float: SampledElement {}
extension Double: SampledElement {}

/// Two neighbouring pixels along an axis, and what each of them counts.
struct Cell {
    var lower = 0
    var upper = 0
    var lowerWeight = 0.0
    var upperWeight = 0.0
    /// Whether the coordinate sees the image at all.
    var isInside = true

    private init() {}

    /// Around a coordinate on an axis of `size` pixels, with the weights' derivative of an order.
    @inline(__always)
    init(_ coordinate: Double, _ size: Int, _ border: Border, _ order: Int) {
        let last = Double(size - 1)
        if coordinate >= 0, coordinate < last {
            self.init(from: Int(coordinate), at: coordinate, 1, order)  // Sound: a pixel.
        } else {
            self.init(outside: coordinate, size, last, border, order)
        }
    }

    /// Between pixel `lower` and the next; `direction` is −1 where the image is mirrored.
    @inline(__always)
    private init(from lower: Int, at place: Double, _ direction: Double, _ order: Int) {
        (self.lower, upper) = (lower, lower + 1)
        upperWeight = order == 0 ? place - Double(lower) : order == 1 ? direction : 0
        lowerWeight = order == 0 ? 1 - upperWeight : -upperWeight
    }

    /// From the centre of the last pixel on, or before that of the first.
    @inline(never)
    private init(outside x: Double, _ size: Int, _ last: Double, _ border: Border, _ order: Int) {
        self.init()
        switch border {
        case .reflected where size > 1:
            let period = 2 * last
            let rest = x.truncatingRemainder(dividingBy: period)
            let place = rest < 0 ? rest + period : rest
            if place < last {
                self = Cell(from: Int(place), at: place, 1, order)  // Sound: a pixel.
            } else {
                // Seen from the other side, greater coordinates are before a pixel.
                let mirrored = max(0, period - place)
                // Sound: at most the last pixel.
                let lower = max(0, Int(mirrored.rounded(.up)) - 1)
                self = Cell(from: lower, at: mirrored, -1, order)
            }
        case .clamped, .reflected:
            lower = x < 0 ? 0 : size - 1
            upper = lower
            lowerWeight = order == 0 ? 1 : 0
        case .zero where x >= -1 && x < last + 1:
            self = Cell(from: x < 0 ? -1 : size - 1, at: x, 1, order)
            // One of the two pixels is outside, and does not count.
            if x < 0 {
                (lower, lowerWeight) = (upper, 0)
            } else {
                (upper, upperWeight) = (lower, 0)
            }
        case .zero: isInside = false
        }
    }
}

/// The four pixels around a coordinate, and what each of them counts.
struct Tap<Weight: SampledElement> {
    /// The pixel at the upper left; −1 if the image is not seen.
    let first: Int
    /// How far the pixels to the right and below are.
    let right: Int
    let down: Int
    let weights: (Weight, Weight, Weight, Weight)

    @inline(__always)
    init(_ x: Cell, _ y: Cell, width: Int) {
        first = x.isInside && y.isInside ? y.lower * width + x.lower : -1
        right = x.upper - x.lower
        down = (y.upper - y.lower) * width
        weights = (
            Weight(y.lowerWeight * x.lowerWeight), Weight(y.lowerWeight * x.upperWeight),
            Weight(y.upperWeight * x.lowerWeight), Weight(y.upperWeight * x.upperWeight)
        )
    }

    /// The weighted sum of the pixels.
    @inline(__always)
    func sum(_ image: UnsafePointer<Weight>) -> Weight {
        guard first >= 0 else { return 0 }
        let (upper, lower) = (image + first, image + (first + down))
        return upper[0] * weights.0 + upper[right] * weights.1
            + (lower[0] * weights.2 + lower[right] * weights.3)
    }

    /// Adds a number to the pixels with their weights.
    @inline(__always)
    func add(_ number: Weight, _ image: UnsafeMutablePointer<Weight>) {
        guard first >= 0 else { return }
        let (upper, lower) = (image + first, image + (first + down))
        upper[0] += number * weights.0
        upper[right] += number * weights.1
        lower[0] += number * weights.2
        lower[right] += number * weights.3
    }
}
