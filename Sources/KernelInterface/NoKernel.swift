// What a kernel set reports for elements that it has no kernel for. The messages are created here,
// as generic code of the standard library must not be compiled with a kernel set's instructions:
// the linker keeps one copy of it for the whole program.

@inline(never)
public func noKernel(for function: UnaryFunction, of type: DataType) -> Never {
    fatalError("\(function) of \(type) elements")
}

@inline(never)
public func noKernel(for function: BinaryFunction, of type: DataType) -> Never {
    fatalError("\(function) of \(type) elements")
}

@inline(never)
public func noKernel(for comparison: Comparison, of type: DataType) -> Never {
    fatalError("\(comparison) of \(type) elements")
}

@inline(never)
public func noKernel(for reduction: Reduction, of type: DataType) -> Never {
    fatalError("\(reduction) of \(type) elements")
}

@inline(never)
public func noKernel(forNormalDeviatesOf type: DataType) -> Never {
    fatalError("normal deviates of type \(type)")
}
