/// A group of vectors that is transposed in registers: a square with as many vectors as a vector
/// has lanes.
///
/// Interleaving the upper half of the rows with the lower half rotates the bits of an element's
/// position (row, lane) by one, so that after log₂(lanes) steps row and lane are swapped. The group
/// is composed of pairs because an array is not kept in registers.
protocol VectorGroup {
    associatedtype V: Vector
    static var count: Int { get }
    init(at address: UnsafePointer<V.Element>, stride: Int)
    func store(at address: UnsafeMutablePointer<V.Element>, stride: Int)
    /// The vectors of both groups alternately, each pair interleaved lane by lane.
    static func interleaved(_ upper: Self, _ lower: Self) -> VectorPair<Self>
}

struct SingleVector<V: Vector>: VectorGroup {
    let vector: V

    @inline(__always) static var count: Int { 1 }
    @inline(__always) init(_ vector: V) { self.vector = vector }
    @inline(__always) init(at address: UnsafePointer<V.Element>, stride: Int) {
        vector = V(at: address)
    }
    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>, stride: Int) {
        vector.store(at: address)
    }
    @inline(__always) static func interleaved(_ upper: Self, _ lower: Self) -> VectorPair<Self> {
        let (first, second) = V.zip(even: upper.vector, odd: lower.vector)
        return VectorPair(Self(first), Self(second))
    }
}

struct VectorPair<Half: VectorGroup>: VectorGroup {
    typealias V = Half.V
    let upper: Half
    let lower: Half

    @inline(__always) static var count: Int { 2 * Half.count }
    @inline(__always) init(_ upper: Half, _ lower: Half) {
        self.upper = upper
        self.lower = lower
    }
    @inline(__always) init(at address: UnsafePointer<V.Element>, stride: Int) {
        upper = Half(at: address, stride: stride)
        lower = Half(at: address + Half.count * stride, stride: stride)
    }
    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>, stride: Int) {
        upper.store(at: address, stride: stride)
        lower.store(at: address + Half.count * stride, stride: stride)
    }
    @inline(__always) static func interleaved(_ upper: Self, _ lower: Self) -> VectorPair<Self> {
        VectorPair<Self>(
            Half.interleaved(upper.upper, lower.upper), Half.interleaved(upper.lower, lower.lower))
    }

    /// One step of the transposition.
    @inline(__always) private var shuffled: Self { Half.interleaved(upper, lower) }

    /// The group transposed, if it is a square.
    @inline(__always) var transposed: Self {
        var result = self
        var size = 1
        while size < Self.count {
            result = result.shuffled
            size *= 2
        }
        return result
    }
}

extension Vector {
    typealias Two = VectorPair<SingleVector<Self>>
    typealias Four = VectorPair<Two>
    typealias Eight = VectorPair<Four>
    typealias Sixteen = VectorPair<Eight>

    /// Transposes a square of `lanes` rows, `stride` apart.
    @inline(__always)
    static func transposeSquare(
        _ source: UnsafePointer<Element>, stride: Int,
        into target: UnsafeMutablePointer<Element>, stride targetStride: Int
    ) {
        switch lanes {
        case 2: Two(at: source, stride: stride).transposed.store(at: target, stride: targetStride)
        case 4: Four(at: source, stride: stride).transposed.store(at: target, stride: targetStride)
        case 8: Eight(at: source, stride: stride).transposed.store(at: target, stride: targetStride)
        default:
            Sixteen(at: source, stride: stride).transposed.store(at: target, stride: targetStride)
        }
    }
}
