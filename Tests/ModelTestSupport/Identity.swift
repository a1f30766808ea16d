import Models

/// Whether two modules have the same tensors under the same paths, to the last bit.
public func isIdentical<First: Module, Second: Module>(_ first: First, _ second: Second) -> Bool {
    let (first, second) = (first.tensorsByPath, second.tensorsByPath)
    return first.count == second.count
        && first.allSatisfy { second[$0.key]?.isIdentical(to: $0.value) == true }
}
