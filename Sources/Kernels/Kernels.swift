import KernelInterface

/// The kernels for the instruction set this module is compiled for. Each is documented at its
/// requirement in `KernelSet`.
public enum Kernels: KernelSet {
    #if VECTOR_512
        public static var name: String { "avx512" }
    #elseif VECTOR_256
        public static var name: String { "avx2" }
    #else
        public static var name: String { "portable" }
    #endif

    public static var tileRows: Int { RegisterTile<FloatVector>.rows }
    public static var tileColumns: Int { RegisterTile<FloatVector>.columns }
}
