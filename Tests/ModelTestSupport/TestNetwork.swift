import Models

/// Two layers and a tensor of state.
public struct TestNetwork: Module {
    public var layers: [Dense]
    public var steps = Tensor([0] as [Int32], shape: [])

    public init(_ sizes: Int..., seed: UInt64 = 1) {
        var generator = RandomGenerator(seed: seed)
        layers = zip(sizes, sizes.dropFirst()).map { Dense($0, $1, using: &generator) }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("layers", &layers)
        visitor.state("steps", &steps)
    }
}
