# What nauty's configure would find out about wasi-libc on 32-bit WebAssembly.
# There are no processes, signals or clocks that a graph generator needs, so what
# it may do without is 0.
s/@PACKAGE_VERSION@/2.8.6/
s/@configure_input@/made from the .in file by build.sh/
s/@edit_msg@/made by build.sh/
s/@header_\(unistd\|sys_types\|stddef\|stdlib\|string\|limits\|stdint\|errno\)_h@/1/
s/@header_\(signal\|sys_wait\)_h@/0/
s/@malloc_dec@/1/
s/@has_math_inf@/1/
s/@default_wordsize@/32/
s/@tls_supported@/0/
s/@use_tls@//
s/@ac_cv_tls@//
s/@have_ansicontrols@/0/
s/@flex_array_ok@/1/
s/@ac_cv_sys_file_offset_bits@/64/
s/@have_\(clz\|clzl\|clzll\|popcnt\|popcntl\|popcntll\)@/1/
s/@\(ftell\|fdopen\|popen\|putenv\|setenv\)_dec@/1/
s/@have_\(perror\|pid_t\|fseeko\)@/1/
s/@ac_cv_sizeof_\(int\|long\|voidp\)@/4/
s/@ac_cv_sizeof___int128\(_t\)\?@/0/
s/SIZEOF_LONG_LONG 4/SIZEOF_LONG_LONG 8/
s/@sort_prog@/sort/
s/@sort_newparams_ok@/0/
s/@[A-Za-z_0-9]*@/0/
