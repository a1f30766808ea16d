import Autograd

/// A quantiser whose kind is chosen when the program runs. Parameters have the names that they have in the
/// chosen one.
public enum ChosenQuantizer: Quantizer {
    case vector(VectorQuantizer)
    case finiteScalar(FiniteScalarQuantizer)
    case residual(ResidualQuantizer)
    case gumbel(GumbelQuantizer)

    private var chosen: any Quantizer {
        switch self {
        case .vector(let quantizer): quantizer
        case .finiteScalar(let quantizer): quantizer
        case .residual(let quantizer): quantizer
        case .gumbel(let quantizer): quantizer
        }
    }

    public var codebook: Tensor { chosen.codebook }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode {
        chosen(code, in: &context)
    }

    public func code(of indices: Tensor) -> Tensor { chosen.code(of: indices) }

    public mutating func start(at code: Tensor, using generator: inout RandomGenerator) {
        switch self {
        case .vector(var quantizer):
            quantizer.start(at: code, using: &generator)
            self = .vector(quantizer)
        case .residual(var quantizer):
            quantizer.start(at: code, using: &generator)
            self = .residual(quantizer)
        case .finiteScalar, .gumbel: break
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        switch self {
        case .vector(var quantizer):
            visitor.inline("vector", &quantizer)
            self = .vector(quantizer)
        case .finiteScalar(var quantizer):
            visitor.inline("finiteScalar", &quantizer)
            self = .finiteScalar(quantizer)
        case .residual(var quantizer):
            visitor.inline("residual", &quantizer)
            self = .residual(quantizer)
        case .gumbel(var quantizer):
            visitor.inline("gumbel", &quantizer)
            self = .gumbel(quantizer)
        }
    }
}

/// A kind of quantiser by name.
public enum QuantizerKind: String, NamedOptionValue {
    /// ``VectorQuantizer``.
    case vector
    /// ``FiniteScalarQuantizer``.
    case finiteScalar = "finite-scalar"
    /// ``ResidualQuantizer``.
    case residual
    /// ``GumbelQuantizer``.
    case gumbel
}
