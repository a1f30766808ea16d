import KernelInterface

#if VECTOR_512
    private let name = "avx512"
#elseif VECTOR_256
    private let name = "avx2"
#else
    private let name = "portable"
#endif

/// The kernels of the instruction set this module is compiled for.
public let kernels = KernelTable(
    name: name,
    unary: unary, binary: binary, compare: compare, select: select, convert: convert,
    reduceRows: reduceRows, reduceRuns: reduceRuns,
    multiply: multiply, productWorkspace: productWorkspace,
    tileRows: RegisterTile<FloatVector>.rows, tileColumns: RegisterTile<FloatVector>.columns,
    randomWords: randomWords, normal: normal, copyStrided: copyStrided, unfold: unfold, fold: fold,
    firstOutOfRange: firstOutOfRange, gather: gather, scatterAdd: scatterAdd,
    sortIndices: sortIndices, cumulativeSum: cumulativeSum)
