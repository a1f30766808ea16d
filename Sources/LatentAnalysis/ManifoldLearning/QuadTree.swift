import Autograd

/// Points of the plane in nested squares, so that groups of distant points can be treated as one
/// (Barnes and Hut, "A hierarchical O(N log N) force-calculation algorithm", 1986).
///
/// The nodes are stored in the order in which they are visited, each with the position of the next
/// one that is not below it. A square with all its points in one of its quarters has no node.
struct QuadTree {
    private struct Node {
        /// The mean of the points in it, and their number.
        var center: SIMD2<Double>
        var count: Double
        /// The squared side of the square; zero for a leaf.
        var squaredSide: Double
        /// The first node that is not below this one.
        var next: Int
    }

    private let points: [SIMD2<Double>]
    /// The side of the square that contains all points.
    private let side: Double
    private var nodes: [Node] = []
    /// The positions of the points, ordered so that near ones mostly follow each other.
    private var order: [Int] = []

    private static let digits = 31

    /// - Parameter points: at least one. If some are not finite, as in a map that diverges, the
    ///   forces are not finite either.
    init(_ points: [SIMD2<Double>]) {
        let lower = points.reduce(points[0]) { pointwiseMin($0, $1) }
        let upper = points.reduce(points[0]) { pointwiseMax($0, $1) }
        self.points = points
        side = max((upper - lower).max(), .leastNormalMagnitude)
        var keyed: [(key: UInt64, position: Int)] = []
        keyed.reserveCapacity(points.count)
        for (position, point) in points.enumerated() {
            keyed.append((Self.key((point - lower) / side), position))
        }
        keyed.sort { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
        order = keyed.map(\.position)
        nodes.reserveCapacity(2 * points.count)
        addNode(keyed.map(\.key)[...])
    }

    /// The interleaved binary digits of both coordinates, from 0 to 1: the first two select the
    /// quarter of the square in which a point lies, the next two the quarter of that, and so on.
    private static func key(_ point: SIMD2<Double>) -> UInt64 {
        func spread(_ coordinate: Double) -> UInt64 {
            let limit = Double(UInt64(1) << digits)
            let place = coordinate * limit
            // Sound: NaN is not above 0.
            var bits = place > 0 ? UInt64(min(place, limit - 1)) : 0
            bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
            bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
            bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
            bits = (bits | bits << 2) & 0x3333_3333_3333_3333
            return (bits | bits << 1) & 0x5555_5555_5555_5555
        }
        return spread(point.x) | spread(point.y) << 1
    }

    /// Appends the node of some sorted keys, and all nodes below it.
    private mutating func addNode(_ keys: ArraySlice<UInt64>) {
        let (place, count) = (nodes.count, Double(keys.count))
        var sum = SIMD2<Double>.zero
        let difference = keys[keys.startIndex] ^ keys[keys.endIndex - 1]
        guard difference != 0 else {
            // One point, or several with the same key.
            for index in keys.indices { sum += points[order[index]] }
            nodes.append(
                Node(center: sum / count, count: count, squaredSide: 0, next: place + 1))
            return
        }
        // The position of the first pair of digits that differs between keys.
        let shift = (63 - difference.leadingZeroBitCount) / 2 * 2
        let side = side * Double(sign: .plus, exponent: shift / 2 + 1 - Self.digits, significand: 1)
        nodes.append(Node(center: .zero, count: count, squaredSide: side * side, next: 0))
        var rest = keys
        while let first = rest.first {
            let end = rest.firstIndex { $0 >> shift != first >> shift } ?? rest.endIndex
            let quarter = nodes.count
            addNode(rest[..<end])
            sum += nodes[quarter].center * nodes[quarter].count
            rest = rest[end...]
        }
        nodes[place].center = sum / count
        nodes[place].next = nodes.count
    }

    /// For each point y the sums over all points p, including itself, of q = 1 / (1 + |y − p|²) and
    /// of q² (y − p).
    ///
    /// - Parameter angle: a square is replaced by its mean if its side divided by its distance is
    ///   at most this. With 0 every point is visited; below 1/√2 no point is replaced together with
    ///   itself.
    func repulsions(angle: Double) -> (weights: [Double], forces: [SIMD2<Double>]) {
        var weights = [Double](repeating: 0, count: points.count)
        var forces = [SIMD2<Double>](repeating: .zero, count: points.count)
        let squaredAngle = angle * angle
        // Sound: the blocks write to separate memory, as each point occurs once in the order, and
        // all memory outlives the calls.
        weights.withUnsafeMutableBufferPointer { weights in
            forces.withUnsafeMutableBufferPointer { forces in
                nodes.withUnsafeBufferPointer { nodes in
                    inParallel(points.count, grain: 128) { block in
                        for position in order[block] {
                            let point = points[position]
                            var (weight, force) = (0.0, SIMD2<Double>.zero)
                            var place = 0
                            while place < nodes.count {
                                let node = nodes[place]
                                let way = point - node.center
                                let square = (way * way).sum()
                                guard node.squaredSide <= squaredAngle * square else {
                                    place += 1
                                    continue
                                }
                                let q = 1 / (1 + square)
                                weight += node.count * q
                                force += node.count * q * q * way
                                place = node.next
                            }
                            weights[position] = weight
                            forces[position] = force
                        }
                    }
                }
            }
        }
        return (weights, forces)
    }
}
